-- expand: What falls due is found by its moment, whatever the number of workspaces. The index is built in seconds for a
-- million waiting executions.
create index wake_ups_by_moment on public.wake_ups (due_at);

-- Leases of work that one process at a time does for all. Whoever finds a lease over takes it.
create table private.leases (
  name text primary key,
  until timestamptz not null
);
alter table private.leases enable row level security;
revoke all on private.leases from public, anon, authenticated, sluice_member;
