-- A letter with an accent can be written as one code point or as two, and only texts in the same form are equal. The texts of
-- a contact are therefore kept composed (NFC), whoever writes them; filters and conditions compose what they look for.
create function private.compose_contact() returns trigger language plpgsql set search_path = '' as $$
begin
  new.name := normalize(new.name, nfc);
  new.firstname := normalize(new.firstname, nfc);
  new.lastname := normalize(new.lastname, nfc);
  new.email := normalize(new.email, nfc);
  new.phone_number := normalize(new.phone_number, nfc);
  new.lead_status := normalize(new.lead_status, nfc);
  new.conversation_status := normalize(new.conversation_status, nfc);
  return new;
end $$;
revoke all on function private.compose_contact() from public, anon, authenticated;

-- Almost every row is composed already, and for those the function is not called.
create trigger contacts_compose before insert or update of name, firstname, lastname, email, phone_number, lead_status, conversation_status
  on public.contacts for each row when (
    new.name is not nfc normalized or new.firstname is not nfc normalized or new.lastname is not nfc normalized
    or new.email is not nfc normalized or new.phone_number is not nfc normalized
    or new.lead_status is not nfc normalized or new.conversation_status is not nfc normalized)
  execute function private.compose_contact();

update public.contacts set name = name
where name is not nfc normalized or firstname is not nfc normalized or lastname is not nfc normalized
  or email is not nfc normalized or phone_number is not nfc normalized
  or lead_status is not nfc normalized or conversation_status is not nfc normalized;
