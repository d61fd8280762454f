-- A deleted person leaves no address behind, and is not written to again when a file brings them back. So what an address
-- refused outlives its contact under a keyed hash: the suppression by a provider, and the opt-out of the contact.
create table private.refusal_key (
  only_row boolean primary key default true check (only_row),
  key bytea not null default decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')
);
insert into private.refusal_key default values;
alter table private.refusal_key enable row level security;

create table private.refused_addresses (
  workspace_id text not null references public.workspaces (id) on delete cascade,
  channel text not null check (channel in ('sms', 'email')),
  address_hash bytea not null,
  -- The reason, the source and the age of the suppression; null where there was none.
  suppressed_as text,
  suppressed_by text,
  suppressed_at timestamptz,
  -- When the contact opted out, and by which source; null where they had not.
  opted_out_at timestamptz,
  opt_out_source text,
  dnc boolean not null default false,
  primary key (workspace_id, channel, address_hash)
);
alter table private.refused_addresses enable row level security;
revoke all on private.refusal_key, private.refused_addresses from public, anon, authenticated, sluice_member;

create function private.address_hash(of_workspace text, of_channel text, address text) returns bytea
language sql stable parallel safe set search_path = '' as $$
  select sha256(k.key || convert_to(of_workspace || '/' || of_channel || '/' || lower(btrim(address)), 'UTF8')) from private.refusal_key k
$$;
revoke all on function private.address_hash(text, text, text) from public, anon, authenticated, sluice_member;

-- Gives a contact that gets an address what the address refused before. Nobody is asked, because consent never gets looser
-- by itself.
create function private.recall_refusals() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  known private.refused_addresses;
begin
  if not exists (select from private.refused_addresses) then
    return new;
  end if;
  for known in
    delete from private.refused_addresses r
    using (values ('sms', new.phone_e164), ('email', new.email)) as a (channel, address)
    where r.workspace_id = new.workspace_id and r.channel = a.channel and a.address is not null
      and r.address_hash = private.address_hash(new.workspace_id, a.channel, a.address)
    returning r.*
  loop
    if known.suppressed_as is not null then
      insert into public.suppressions (workspace_id, channel, address, reason, source, created_at)
      values (new.workspace_id, known.channel,
        case known.channel when 'sms' then new.phone_e164 else lower(btrim(new.email)) end, known.suppressed_as, known.suppressed_by,
        known.suppressed_at)
      on conflict do nothing;
    end if;
    if known.opted_out_at is not null then
      if known.channel = 'sms' then
        new.sms_opted_out_at := coalesce(new.sms_opted_out_at, known.opted_out_at);
      else
        new.email_opted_out_at := coalesce(new.email_opted_out_at, known.opted_out_at);
      end if;
      new.opt_out_source := coalesce(new.opt_out_source, known.opt_out_source);
    end if;
    new.dnc := new.dnc or known.dnc;
  end loop;
  return new;
end $$;
revoke all on function private.recall_refusals() from public, anon, authenticated, sluice_member;
create trigger contacts_recall before insert or update of email, phone_e164 on public.contacts
  for each row execute function private.recall_refusals();

-- The answers that are kept for repeated requests hold contacts too. The id in an answer says whose they are.
alter table public.idempotency_keys add column subject_id text;
create index idempotency_keys_subject on public.idempotency_keys (workspace_id, subject_id) where subject_id is not null;
