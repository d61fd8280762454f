-- Saved launches: a flow with whom it goes to, whom it leaves out, when and with which values, under a name. It holds a filter and no
-- contacts, so that each run means who matches then. One that is not shared belongs to its maker alone and goes when they leave.
create table public.saved_launches (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null,
  flow_id uuid not null,
  name text not null,
  is_shared boolean not null default false,
  -- The filter, the exclusions, the condition, the values and when it is sent.
  terms jsonb not null,
  -- Null: they have left the workspace, and it is shared.
  made_by uuid,
  made_by_name text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, flow_id) references public.flows (workspace_id, id) on delete cascade,
  foreign key (workspace_id, made_by) references public.workspace_members (workspace_id, user_id) on delete set null (made_by)
);
create index saved_launches_flow on public.saved_launches (workspace_id, flow_id);
create index saved_launches_maker on public.saved_launches (workspace_id, made_by);

alter table public.saved_launches enable row level security;
revoke all on public.saved_launches from public, anon, authenticated, sluice_member;
grant select on public.saved_launches to authenticated, sluice_member;
grant insert, update, delete on public.saved_launches to sluice_member;
create policy saved_launches_read on public.saved_launches for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())) and (is_shared or made_by = (select private.current_user_id())));
create policy saved_launches_insert on public.saved_launches for insert to sluice_member
  with check (workspace_id = any (array(select private.member_workspaces_as('editor'))) and made_by = (select private.current_user_id()));
create policy saved_launches_update on public.saved_launches for update to sluice_member
  using (made_by = (select private.current_user_id()) and workspace_id = any (array(select private.member_workspaces_as('editor')))
    or is_shared and workspace_id = any (array(select private.member_workspaces_as('admin'))))
  with check (made_by = (select private.current_user_id()) and workspace_id = any (array(select private.member_workspaces_as('editor')))
    or is_shared and workspace_id = any (array(select private.member_workspaces_as('admin'))));
create policy saved_launches_delete on public.saved_launches for delete to sluice_member
  using (made_by = (select private.current_user_id()) and workspace_id = any (array(select private.member_workspaces_as('editor')))
    or is_shared and workspace_id = any (array(select private.member_workspaces_as('admin'))));

-- Nobody else sees them, so nobody could take them away.
create function private.forget_private_launches() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  delete from public.saved_launches where workspace_id = old.workspace_id and made_by = old.user_id and not is_shared;
  return old;
end $$;
revoke all on function private.forget_private_launches() from public, anon, authenticated, sluice_member;
create trigger forget_private_launches before delete on public.workspace_members
  for each row execute function private.forget_private_launches();

-- expand: Earlier code leaves the new column empty, and every other one stays as it is.
alter table public.flow_sends add column saved_launch_id uuid,
  add foreign key (workspace_id, saved_launch_id) references public.saved_launches (workspace_id, id) on delete set null (saved_launch_id);
create index flow_sends_saved_launch on public.flow_sends (saved_launch_id, created_at) where saved_launch_id is not null;
