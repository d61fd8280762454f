-- A deleted contact lies in the bin for 30 days and can be restored from there; then it is erased. While `deleted_at` is
-- set, the contact is in no list, count, filter or match, is never enrolled and never written to.
alter table public.contacts
  add column deleted_at timestamptz,
  add column deleted_by uuid,
  add column deleted_by_name text;

alter policy contacts_read on public.contacts
  using (deleted_at is null and workspace_id = any (array(select private.member_workspaces())));
alter policy contacts_insert on public.contacts
  with check (deleted_at is null and workspace_id = any (array(select private.member_workspaces_as('editor'))));
alter policy contacts_update on public.contacts
  using (deleted_at is null and workspace_id = any (array(select private.member_workspaces_as('editor'))))
  with check (deleted_at is null and workspace_id = any (array(select private.member_workspaces_as('editor'))));
alter policy contacts_delete on public.contacts
  using (deleted_at is null and workspace_id = any (array(select private.member_workspaces_as('editor'))));
create or replace view private.member_contacts as
  select * from public.contacts where deleted_at is null and workspace_id = any (array(select private.member_workspaces()));

-- The bin, for those who may read the workspace.
create view private.member_bin as
  select * from public.contacts where deleted_at is not null and workspace_id = any (array(select private.member_workspaces()));
-- The bin, for those who may take contacts out of it. An import looks here for the people whom its rows mean.
create view private.editor_bin as
  select * from public.contacts where deleted_at is not null and workspace_id = any (array(select private.member_workspaces_as('editor')));
-- The names of all contacts, for a history that belongs to contacts in the bin too.
create view private.contact_names as
  select id, workspace_id, name, firstname, lastname, deleted_at
  from public.contacts where workspace_id = any (array(select private.member_workspaces()));
revoke all on private.member_bin, private.editor_bin, private.contact_names from public, anon, authenticated, sluice_member;
grant select on private.member_bin, private.contact_names to authenticated, sluice_member;
grant select, update (deleted_at, deleted_by, deleted_by_name) on private.editor_bin to sluice_member;

-- The lists are read by indexes in which the bin does not stand, so a full bin makes no list slower.
drop index public.contacts_created, public.contacts_updated, public.contacts_name, public.contacts_email, public.contacts_phone,
  public.contacts_lead_status;
create index contacts_created on public.contacts (workspace_id, created_at desc, id desc) where deleted_at is null;
create index contacts_updated on public.contacts (workspace_id, updated_at desc, id desc) where deleted_at is null;
create index contacts_name on public.contacts (workspace_id, sort_name, id) where deleted_at is null;
create index contacts_email on public.contacts (workspace_id, sort_email, id) where deleted_at is null;
create index contacts_phone on public.contacts (workspace_id, phone_e164, id) where deleted_at is null;
create index contacts_lead_status on public.contacts (workspace_id, lower(lead_status), id) where deleted_at is null;
create index contacts_bin on public.contacts (workspace_id, deleted_at desc, id desc) where deleted_at is not null;
create index contacts_bin_phone on public.contacts (workspace_id, phone_e164, id) where deleted_at is not null;
create index contacts_bin_email on public.contacts (workspace_id, sort_email, id) where deleted_at is not null;
create index contacts_bin_due on public.contacts (deleted_at) where deleted_at is not null;

-- The way into the bin and back is no change of the contact's values.
drop trigger contacts_touch on public.contacts;
create trigger contacts_touch before update on public.contacts for each row
  when (old.deleted_at is not distinct from new.deleted_at) execute function private.touch_updated_at();

-- A contact that gets an address also gets what contacts in the bin with this address refused. Otherwise deleting somebody
-- who opted out and adding the address again would open it. A contact that is restored keeps its own consent, and gets what
-- was kept of contacts that were erased meanwhile.
create or replace function private.recall_refusals() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  known private.refused_addresses;
  binned record;
begin
  if tg_op = 'INSERT' or new.phone_e164 is distinct from old.phone_e164 or new.email is distinct from old.email then
    for binned in
      select c.phone_e164 is not distinct from new.phone_e164 as by_phone, lower(btrim(new.email)) = c.sort_email as by_email,
        c.sms_opted_out_at, c.email_opted_out_at, c.opt_out_source, c.dnc
      from public.contacts c
      where c.workspace_id = new.workspace_id and c.deleted_at is not null and c.id <> new.id
        and (c.sms_opted_out_at is not null or c.email_opted_out_at is not null or c.dnc)
        and c.id in (
          select p.id from public.contacts p
          where p.workspace_id = new.workspace_id and p.deleted_at is not null and p.phone_e164 = new.phone_e164
          union all
          select e.id from public.contacts e
          where e.workspace_id = new.workspace_id and e.deleted_at is not null and e.sort_email = lower(btrim(new.email)))
      order by c.id
    loop
      if binned.by_phone and binned.sms_opted_out_at is not null and new.sms_opted_out_at is null then
        new.sms_opted_out_at := binned.sms_opted_out_at;
        new.opt_out_source := coalesce(new.opt_out_source, binned.opt_out_source);
      end if;
      if binned.by_email and binned.email_opted_out_at is not null and new.email_opted_out_at is null then
        new.email_opted_out_at := binned.email_opted_out_at;
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
drop trigger contacts_recall on public.contacts;
create trigger contacts_recall before insert or update of email, phone_e164, deleted_at on public.contacts
  for each row when (new.deleted_at is null) execute function private.recall_refusals();

-- An import that meets a contact in the bin restores it, says so, and takes it back when the import is undone.
alter table public.contact_imports add column from_bin integer not null default 0;
alter table public.contact_import_changes add column from_bin boolean not null default false;
