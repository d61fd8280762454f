-- What is edited lies beside what is live until it is published. public.flows stays what is live, so that whoever writes
-- there goes on changing what is sent.

-- Names the content of a flow. Two contents have the same mark when they are the same.
create function private.flow_mark(name text, nodes jsonb, edges jsonb, settings jsonb) returns text
language sql stable parallel safe set search_path = ''
as $$ select encode(sha256(convert_to(jsonb_build_array(name, nodes, edges, settings)::text, 'UTF8')), 'hex') $$;
revoke all on function private.flow_mark(text, jsonb, jsonb, jsonb) from public;
grant execute on function private.flow_mark(text, jsonb, jsonb, jsonb) to authenticated, sluice_member;

-- There is a row only while there is something that was not published.
create table public.flow_drafts (
  flow_id uuid primary key,
  workspace_id text not null,
  name text not null,
  nodes jsonb not null,
  edges jsonb not null,
  settings jsonb not null,
  -- Another one after every save. It never comes back, so an editor that was forgotten in a tab is known to be old.
  revision uuid not null default private.uuid_v7(),
  -- The mark of what was live when the draft began.
  began_from text not null,
  created_at timestamptz not null default now(),
  updated_by uuid,
  updated_by_name text,
  updated_at timestamptz not null default now(),
  unique (workspace_id, flow_id),
  foreign key (workspace_id, flow_id) references public.flows (workspace_id, id) on delete cascade
);

-- Drafts that were thrown away can be brought back for a while.
create table public.flow_discarded_drafts (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null,
  flow_id uuid not null,
  name text not null,
  nodes jsonb not null,
  edges jsonb not null,
  settings jsonb not null,
  discarded_by_name text,
  discarded_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, flow_id) references public.flows (workspace_id, id) on delete cascade
);
create index flow_discarded_drafts_newest on public.flow_discarded_drafts (workspace_id, flow_id, discarded_at desc, id desc);
create index flow_discarded_drafts_age on public.flow_discarded_drafts (discarded_at);

-- Every time a version went live. Equal content is the same version, so a version that was restored has two rows.
create table public.flow_publications (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null,
  flow_id uuid not null,
  version_id uuid not null,
  note text,
  published_by uuid,
  published_by_name text,
  published_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, flow_id) references public.flows (workspace_id, id) on delete cascade,
  foreign key (workspace_id, version_id) references public.flow_versions (workspace_id, id) on delete cascade
);
create index flow_publications_version on public.flow_publications (workspace_id, version_id, published_at desc);
create index flow_publications_flow on public.flow_publications (workspace_id, flow_id);

alter table public.flow_drafts enable row level security;
alter table public.flow_discarded_drafts enable row level security;
alter table public.flow_publications enable row level security;
revoke all on public.flow_drafts, public.flow_discarded_drafts, public.flow_publications from public, anon, authenticated, sluice_member;
grant select on public.flow_drafts, public.flow_discarded_drafts, public.flow_publications to authenticated, sluice_member;
grant insert, update, delete on public.flow_drafts to sluice_member;
grant insert, delete on public.flow_discarded_drafts to sluice_member;

create policy flow_drafts_read on public.flow_drafts for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));
create policy flow_drafts_insert on public.flow_drafts for insert to sluice_member
  with check (workspace_id = any (array(select private.member_workspaces_as('editor'))));
create policy flow_drafts_update on public.flow_drafts for update to sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('editor'))))
  with check (workspace_id = any (array(select private.member_workspaces_as('editor'))));
create policy flow_drafts_delete on public.flow_drafts for delete to sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('editor'))));

create policy flow_discarded_drafts_read on public.flow_discarded_drafts for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));
create policy flow_discarded_drafts_insert on public.flow_discarded_drafts for insert to sluice_member
  with check (workspace_id = any (array(select private.member_workspaces_as('editor'))));
create policy flow_discarded_drafts_delete on public.flow_discarded_drafts for delete to sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('editor'))));

create policy flow_publications_read on public.flow_publications for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));
