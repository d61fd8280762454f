-- The messages of a workspace in a day, all channels together (contract/queue.ts says what is usual).
alter table private.workspace_limits
  add column messages_per_day int check (messages_per_day between 1 and 100000000),
  -- The day that is counted begins with its first message.
  add column day_from timestamptz,
  add column day_used int not null default 0;

-- Workspaces that are there may send in a day what they could in an hour, until an admin sets another limit.
insert into private.workspace_limits (workspace_id, messages_per_day) select id, 1000000 from public.workspaces
  on conflict (workspace_id) do update set messages_per_day = excluded.messages_per_day;

-- A null takes the limit back to the usual one.
create function private.set_day_limit(of_workspace text, wanted int) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if not of_workspace = any (array(select private.member_workspaces_as('admin'))) then
    raise insufficient_privilege using message = 'Only an admin of the workspace sets its limits.';
  end if;
  insert into private.workspace_limits (workspace_id, messages_per_day) values (of_workspace, wanted)
  on conflict (workspace_id) do update set messages_per_day = excluded.messages_per_day, updated_at = now();
end $$;
revoke all on function private.set_day_limit(text, int) from public, anon, authenticated;
grant execute on function private.set_day_limit(text, int) to sluice_member;
