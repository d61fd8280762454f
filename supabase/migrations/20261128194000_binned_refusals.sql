-- What contacts in the bin refused stands in a small table of its own. A contact that gets an address looks there and not
-- among all contacts: in a table that is being filled the planner knows no numbers, and every row would read all others.
create table private.binned_refusals (
  workspace_id text not null,
  channel text not null check (channel in ('sms', 'email')),
  address text not null,
  contact_id uuid not null,
  opted_out_at timestamptz,
  opt_out_source text,
  dnc boolean not null,
  primary key (workspace_id, channel, address, contact_id),
  foreign key (workspace_id, contact_id) references public.contacts (workspace_id, id) on delete cascade
);
create index binned_refusals_contact on private.binned_refusals (contact_id);
alter table private.binned_refusals enable row level security;
revoke all on private.binned_refusals from public, anon, authenticated, sluice_member;

create function private.note_binned_refusals() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if new.deleted_at is null then
    delete from private.binned_refusals r where r.contact_id = new.id;
  else
    insert into private.binned_refusals (workspace_id, channel, address, contact_id, opted_out_at, opt_out_source, dnc)
    select new.workspace_id, a.channel, a.address, new.id, a.opted_out_at, case when a.opted_out_at is not null then new.opt_out_source end, new.dnc
    from (values ('sms', new.phone_e164, new.sms_opted_out_at), ('email', new.sort_email, new.email_opted_out_at)) as a (channel, address, opted_out_at)
    where a.address is not null and (a.opted_out_at is not null or new.dnc)
    on conflict do nothing;
  end if;
  return null;
end $$;
revoke all on function private.note_binned_refusals() from public, anon, authenticated, sluice_member;
create trigger contacts_note_binned after update of deleted_at on public.contacts for each row
  when ((old.deleted_at is null) <> (new.deleted_at is null)
    and (new.dnc or new.sms_opted_out_at is not null or new.email_opted_out_at is not null or old.dnc or old.sms_opted_out_at is not null
      or old.email_opted_out_at is not null))
  execute function private.note_binned_refusals();
insert into private.binned_refusals (workspace_id, channel, address, contact_id, opted_out_at, opt_out_source, dnc)
select c.workspace_id, a.channel, a.address, c.id, a.opted_out_at, case when a.opted_out_at is not null then c.opt_out_source end, c.dnc
from public.contacts c
cross join lateral (values ('sms', c.phone_e164, c.sms_opted_out_at), ('email', c.sort_email, c.email_opted_out_at)) as a (channel, address, opted_out_at)
where c.deleted_at is not null and a.address is not null and (a.opted_out_at is not null or c.dnc);

create or replace function private.recall_refusals() returns trigger
language plpgsql security definer set search_path = '' set enable_seqscan = off as $$
declare
  known private.refused_addresses;
  binned private.binned_refusals;
begin
  if (tg_op = 'INSERT' or new.phone_e164 is distinct from old.phone_e164 or new.email is distinct from old.email)
    and exists (select from private.binned_refusals) then
    for binned in
      select r.* from private.binned_refusals r
      where r.workspace_id = new.workspace_id and r.channel = 'sms' and r.address = new.phone_e164
      union all
      select r.* from private.binned_refusals r
      where r.workspace_id = new.workspace_id and r.channel = 'email' and r.address = lower(btrim(new.email))
      order by contact_id
    loop
      if binned.opted_out_at is not null and binned.channel = 'sms' and new.sms_opted_out_at is null then
        new.sms_opted_out_at := binned.opted_out_at;
        new.opt_out_source := coalesce(new.opt_out_source, binned.opt_out_source);
      end if;
      if binned.opted_out_at is not null and binned.channel = 'email' and new.email_opted_out_at is null then
        new.email_opted_out_at := binned.opted_out_at;
        new.opt_out_source := coalesce(new.opt_out_source, binned.opt_out_source);
      end if;
      new.dnc := new.dnc or binned.dnc;
    end loop;
  end if;
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
