-- Executions that held the event loop of a worker until its watchdog stopped the worker. The next worker ends them.
create table private.held_executions (
  flow_execution_id uuid primary key,
  held_ms integer not null,
  seen_at timestamptz not null default now()
);
alter table private.held_executions enable row level security;
revoke all on private.held_executions from public, anon, authenticated, sluice_member;
