-- Executions that ended in another way than `completed`, apart: what a history is filtered by when something went wrong.
-- An index on the status of the executions themselves, even a partial one, would make every change of an execution write
-- to all of its indexes; and without one, twenty failed among a million completed take a minute to find. Kept by triggers,
-- so that no way of ending forgets it; whoever completes only passes their condition.
create table public.uncompleted_executions (
  execution_id uuid primary key,
  workspace_id text not null,
  flow_id uuid not null,
  send_id uuid not null,
  seq integer not null,
  status text not null,
  -- That of the execution: the order of the history.
  created_at timestamptz not null,
  foreign key (workspace_id, execution_id) references public.flow_executions (workspace_id, id) on delete cascade
);
alter table public.uncompleted_executions enable row level security;
revoke all on public.uncompleted_executions from public, anon, authenticated, sluice_member;
grant select on public.uncompleted_executions to authenticated, sluice_member;
create policy uncompleted_executions_read on public.uncompleted_executions for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));

insert into public.uncompleted_executions (execution_id, workspace_id, flow_id, send_id, seq, status, created_at)
select id, workspace_id, flow_id, send_id, seq, status, created_at from public.flow_executions
where status in ('failed', 'partial_failure', 'cancelled');

create index uncompleted_executions_workspace on public.uncompleted_executions (workspace_id, status, created_at desc, execution_id desc);
create index uncompleted_executions_flow on public.uncompleted_executions (workspace_id, flow_id, status, created_at desc, execution_id desc);
create index uncompleted_executions_send on public.uncompleted_executions (send_id, status, seq desc);

create function private.note_uncompleted_execution() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if new.status in ('failed', 'partial_failure', 'cancelled') then
    insert into public.uncompleted_executions (execution_id, workspace_id, flow_id, send_id, seq, status, created_at)
    values (new.id, new.workspace_id, new.flow_id, new.send_id, new.seq, new.status, new.created_at)
    on conflict (execution_id) do update set status = excluded.status;
  else
    delete from public.uncompleted_executions where execution_id = new.id;
  end if;
  return null;
end $$;
revoke all on function private.note_uncompleted_execution() from public, anon, authenticated, sluice_member;
create trigger flow_executions_uncompleted_insert after insert on public.flow_executions for each row
  when (new.status in ('failed', 'partial_failure', 'cancelled'))
  execute function private.note_uncompleted_execution();
create trigger flow_executions_uncompleted after update of status on public.flow_executions for each row
  when (old.status is distinct from new.status
    and (new.status in ('failed', 'partial_failure', 'cancelled') or old.status in ('failed', 'partial_failure', 'cancelled')))
  execute function private.note_uncompleted_execution();
