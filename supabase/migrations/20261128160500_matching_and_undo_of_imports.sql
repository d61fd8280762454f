-- Where a contact came from: the name of the other system and the contact's id there. Such an id is unique in its system,
-- so it decides alone who a row of a file is. Phone numbers and addresses are not unique, because families share them.
alter table public.contacts add column source text, add column source_id text;
create unique index contacts_source on public.contacts (workspace_id, source, source_id) where source_id is not null;
create or replace view private.member_contacts as
  select * from public.contacts where workspace_id = any (array(select private.member_workspaces()));

alter table public.contact_imports
  add column kept_apart integer not null default 0,
  add column overwritten integer not null default 0,
  add column undone_at timestamptz,
  add column removed integer not null default 0,
  add column restored integer not null default 0,
  add column changed_since integer not null default 0,
  add constraint contact_imports_workspace_id_id_key unique (workspace_id, id);

-- What an import did to each contact, so that it can be listed, and taken back for 30 days. A row goes with its contact.
create table public.contact_import_changes (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null references public.workspaces (id) on delete cascade,
  import_id uuid not null,
  contact_id uuid not null,
  line integer not null,
  created boolean not null,
  -- The contact that shares the number or the address of this row and is somebody else, and which value says so.
  apart_from uuid,
  apart_reason text check (apart_reason in ('other_id', 'other_email', 'other_phone', 'other_name')),
  -- The values of an existing contact that changed, by column; `metadata` holds its own.
  before jsonb not null default '{}',
  after jsonb not null default '{}',
  -- Values that were replaced by others: [{line, field, from, to}].
  overwrites jsonb not null default '[]',
  at timestamptz not null default now(),
  foreign key (workspace_id, import_id) references public.contact_imports (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references public.contacts (workspace_id, id) on delete cascade
);
create index contact_import_changes_import on public.contact_import_changes (workspace_id, import_id, line, id);
create index contact_import_changes_contact on public.contact_import_changes (workspace_id, contact_id);
create index contact_import_changes_at on public.contact_import_changes (at);

alter table public.contact_import_changes enable row level security;
revoke all on public.contact_import_changes from public, anon, authenticated, sluice_member;
grant select on public.contact_import_changes to authenticated, sluice_member;
grant insert on public.contact_import_changes to sluice_member;
create policy contact_import_changes_read on public.contact_import_changes for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));
create policy contact_import_changes_insert on public.contact_import_changes for insert to sluice_member
  with check (workspace_id = any (array(select private.member_workspaces_as('editor'))));
