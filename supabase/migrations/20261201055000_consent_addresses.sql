-- A consent belongs to the address for which it was given: a number that a contact gets later never agreed to anything.
-- Null: there was no address. A do-not-contact belongs to the person and has none.
alter table public.contact_consents add column address text;

-- What was written down before does not say for which address. It counts for the one that the contact has now, as it did until now.
update public.contact_consents e set address = case e.channel when 'sms' then c.phone_e164 else c.sort_email end
from public.contacts c
where c.workspace_id = e.workspace_id and c.id = e.contact_id and e.state = 'opted_in' and e.channel in ('sms', 'email');

-- expand: The trigger fills a column that earlier code does not know, and changes nothing that earlier code writes.
create function private.note_consent_address() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  -- Empty is said by who knows that there was none. An entry that is copied keeps its own.
  if new.address is null and new.channel <> 'all' then
    select case new.channel when 'sms' then c.phone_e164 else c.sort_email end into new.address
    from public.contacts c where c.workspace_id = new.workspace_id and c.id = new.contact_id;
  end if;
  new.address := nullif(new.address, '');
  return new;
end $$;
revoke all on function private.note_consent_address() from public, anon, authenticated, sluice_member;
create trigger contact_consents_address before insert on public.contact_consents for each row
  execute function private.note_consent_address();
