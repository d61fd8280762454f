-- What webhooks of a workspace may say in a header and nobody may read: keys of other services, sealed like the secrets of providers.

create table public.workspace_secrets (
  workspace_id text not null references public.workspaces (id) on delete cascade,
  name text not null check (name ~ '^[a-zA-Z][a-zA-Z0-9_]{0,59}$'),
  secret text not null,
  updated_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, name)
);
create trigger workspace_secrets_touch before update on public.workspace_secrets for each row execute function private.touch_updated_at();

alter table public.workspace_secrets enable row level security;
revoke all on public.workspace_secrets from public, anon, authenticated, sluice_member;
-- Can be written, never read back, by a member; whoever draws flows sees the names.
grant select (workspace_id, name, updated_by, created_at, updated_at) on public.workspace_secrets to authenticated, sluice_member;
grant insert, update, delete on public.workspace_secrets to sluice_member;
create policy workspace_secrets_read on public.workspace_secrets for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('editor'))));
create policy workspace_secrets_insert on public.workspace_secrets for insert to sluice_member
  with check (workspace_id = any (array(select private.member_workspaces_as('admin'))));
create policy workspace_secrets_update on public.workspace_secrets for update to sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('admin'))))
  with check (workspace_id = any (array(select private.member_workspaces_as('admin'))));
create policy workspace_secrets_delete on public.workspace_secrets for delete to sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('admin'))));
