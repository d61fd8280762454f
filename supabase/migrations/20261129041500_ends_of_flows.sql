-- expand: what earlier code reads, writes and deletes it goes on reading, writing and deleting.

-- An archived flow lets nobody in any more. A deleted flow lies in the bin for 30 days; then it cannot be restored, and its row
-- stays for the history of what was sent with it.
alter table public.flows
  add column archived_at timestamptz,
  add column archived_by_name text,
  add column deleted_at timestamptz,
  add column deleted_by uuid,
  add column deleted_by_name text;
create index flows_bin on public.flows (workspace_id, deleted_at desc, id desc) where deleted_at is not null;
create index flows_bin_age on public.flows (deleted_at) where deleted_at is not null;

-- The history of a flow outlives the flow: no foreign key takes it away. A flow with sends cannot be deleted, nor a version.
-- Where the whole workspace goes, its flows go before its executions do, so these let go of their flow.
alter table public.flow_executions alter column flow_id drop not null;
alter table public.flow_executions drop constraint flow_executions_workspace_id_flow_id_fkey;
alter table public.flow_executions add constraint flow_executions_workspace_id_flow_id_fkey
  foreign key (workspace_id, flow_id) references public.flows (workspace_id, id) on delete set null (flow_id) not valid;
alter table public.flow_executions validate constraint flow_executions_workspace_id_flow_id_fkey;
alter table public.flow_sends drop constraint flow_sends_workspace_id_flow_id_fkey;
alter table public.flow_sends add constraint flow_sends_workspace_id_flow_id_fkey
  foreign key (workspace_id, flow_id) references public.flows (workspace_id, id) not valid;
alter table public.flow_sends validate constraint flow_sends_workspace_id_flow_id_fkey;
alter table public.flow_sends drop constraint flow_sends_workspace_id_flow_version_id_fkey;
alter table public.flow_sends add constraint flow_sends_workspace_id_flow_version_id_fkey
  foreign key (workspace_id, flow_version_id) references public.flow_versions (workspace_id, id) not valid;
alter table public.flow_sends validate constraint flow_sends_workspace_id_flow_version_id_fkey;

-- Whoever deletes a flow, by the API or by SQL, puts it into the bin. Only what lies there and was never sent is deleted.
create function private.bin_deleted_flow() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from public.workspaces where id = old.workspace_id) then
    return old;
  end if;
  if old.deleted_at is not null
    and not exists (select from public.flow_sends where workspace_id = old.workspace_id and flow_id = old.id) then
    return old;
  end if;
  update public.flows set deleted_at = now() where workspace_id = old.workspace_id and id = old.id and deleted_at is null;
  return null;
end $$;
revoke all on function private.bin_deleted_flow() from public;
create trigger flows_bin before delete on public.flows for each row execute function private.bin_deleted_flow();

-- The way into the archive or the bin and back is no change of the flow.
drop trigger flows_touch on public.flows;
create trigger flows_touch before update on public.flows for each row
  when (old.deleted_at is not distinct from new.deleted_at and old.archived_at is not distinct from new.archived_at) execute function private.touch_updated_at();

alter policy flows_read on public.flows
  using (deleted_at is null and workspace_id = any (array(select private.member_workspaces())));
alter policy flows_update on public.flows
  using (deleted_at is null and workspace_id = any (array(select private.member_workspaces_as('editor'))))
  with check (deleted_at is null and workspace_id = any (array(select private.member_workspaces_as('editor'))));
alter policy flows_delete on public.flows
  using (deleted_at is null and workspace_id = any (array(select private.member_workspaces_as('editor'))));

-- The names of all flows, for a history that belongs to deleted flows too.
create view private.flow_names as
  select id, workspace_id, name, deleted_at from public.flows
  -- Whoever passes by the policies of flows, as the engine does, reads the names of all.
  where workspace_id = any (array(select private.member_workspaces())) or not row_security_active('public.flows');
-- The bin, for those who may read the workspace.
create view private.member_flow_bin as
  select * from public.flows where deleted_at is not null and workspace_id = any (array(select private.member_workspaces()));
-- The way into the bin and back, for those who may edit.
create view private.editor_flows as
  select * from public.flows where workspace_id = any (array(select private.member_workspaces_as('editor')));
revoke all on private.flow_names, private.member_flow_bin, private.editor_flows from public, anon, authenticated, sluice_member;
grant select on private.flow_names, private.member_flow_bin to authenticated, sluice_member;
grant select, update (name, deleted_at, deleted_by, deleted_by_name) on private.editor_flows to sluice_member;

-- A folder that is deleted leaves what was in it where the folder was.
create function private.empty_deleted_folder() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if exists (select from public.workspaces where id = old.workspace_id) then
    update public.flows set folder_id = old.parent_id where workspace_id = old.workspace_id and folder_id = old.id;
    update public.flow_folders set parent_id = old.parent_id where workspace_id = old.workspace_id and parent_id = old.id;
  end if;
  return old;
end $$;
revoke all on function private.empty_deleted_folder() from public;
create trigger flow_folders_empty before delete on public.flow_folders for each row execute function private.empty_deleted_folder();
