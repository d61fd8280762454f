-- Saved tests of flows: who goes through, what happens meanwhile, and what is expected. They name steps by their ids, so they
-- belong to the flow and not to one of its versions.
create table public.flow_tests (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null,
  flow_id uuid not null,
  -- The contact that is walked, or whose values were copied into the script. The test goes with the contact, because the
  -- script and the expected texts tell about this person.
  contact_id uuid,
  name text not null,
  script jsonb not null,
  expect jsonb not null,
  last_result jsonb,
  created_by uuid,
  created_by_name text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, flow_id) references public.flows (workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references public.contacts (workspace_id, id) on delete cascade
);
create index flow_tests_flow on public.flow_tests (workspace_id, flow_id, created_at, id);
create index flow_tests_contact on public.flow_tests (workspace_id, contact_id) where contact_id is not null;

alter table public.flow_tests enable row level security;
revoke all on public.flow_tests from public, anon, authenticated, sluice_member;
grant select on public.flow_tests to authenticated, sluice_member;
grant insert, update, delete on public.flow_tests to sluice_member;
create policy flow_tests_read on public.flow_tests for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));
create policy flow_tests_insert on public.flow_tests for insert to sluice_member
  with check (workspace_id = any (array(select private.member_workspaces_as('editor'))));
create policy flow_tests_update on public.flow_tests for update to sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('editor'))))
  with check (workspace_id = any (array(select private.member_workspaces_as('editor'))));
create policy flow_tests_delete on public.flow_tests for delete to sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('editor'))));

-- What the tests of the flow said when it was published; null where it had none.
alter table public.flow_publications add column tests jsonb;
