-- The account that a channel used before, for as long as late calls of it are taken: a person may answer STOP days after.
create table private.former_providers (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null references public.workspaces (id) on delete cascade,
  channel text not null check (channel in ('sms', 'email')),
  provider text not null,
  settings jsonb not null,
  -- Encrypted for the place at which it stood.
  secrets text not null,
  ended_at timestamptz not null default clock_timestamp()
);
alter table private.former_providers enable row level security;
revoke all on private.former_providers from public, anon, authenticated, sluice_member;
create index former_providers_channel on private.former_providers (workspace_id, channel, ended_at desc);
create index former_providers_old on private.former_providers (ended_at);

-- Keeps the account that is in use, before another takes its place. An admin changes settings and may not read secrets.
create function private.keep_former_provider(of_workspace text, of_channel text) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if not of_workspace = any (array(select private.member_workspaces_as('admin'))) then
    raise insufficient_privilege using message = 'Only an admin of the workspace changes its providers.';
  end if;
  insert into private.former_providers (workspace_id, channel, provider, settings, secrets)
  select p.workspace_id, p.channel, p.provider, p.settings, p.secrets
  from public.providers p where p.workspace_id = of_workspace and p.channel = of_channel and p.secrets is not null;
end $$;
revoke all on function private.keep_former_provider(text, text) from public, anon, authenticated;
grant execute on function private.keep_former_provider(text, text) to sluice_member;
