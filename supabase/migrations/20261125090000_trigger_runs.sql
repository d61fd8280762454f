-- What the Trigger.dev driver keeps: the runs it asks for, and what keeps it from working.

-- The engine's own id of the run that moved an execution last; null where the engine has no such thing.
alter table public.flow_executions add column engine_run_id text;

-- A run that is asked for. The row is the truth: Trigger.dev is told its id and generation and nothing else, and what
-- the run does is read here when it begins.
create table private.trigger_runs (
  id uuid primary key default private.uuid_v7(),
  -- Of one key only one row waits; one that has begun has none.
  key text unique,
  workspace_id text references public.workspaces (id) on delete cascade,
  -- Where the run is about one execution that has woken.
  execution_id uuid,
  job jsonb not null,
  priority integer not null,
  due_at timestamptz not null,
  -- Raised whenever the run that was asked for must not count any more; part of the idempotency key.
  generation integer not null default 0,
  -- When Trigger.dev took it, and under which id. A batch is taken without saying ids.
  sent_at timestamptz,
  run_id text,
  -- When its run was looked at because it is overdue, and how many of its runs ended without having begun.
  looked_at timestamptz,
  losses integer not null default 0,
  -- In whose hands it is, since when, in which attempt of the run; and how often it was begun.
  began_at timestamptz,
  holder text,
  attempt integer,
  tries integer not null default 0
) with (fillfactor = 50, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0.2);
create index trigger_runs_unsent on private.trigger_runs (priority, due_at) where sent_at is null and began_at is null;
create index trigger_runs_sent on private.trigger_runs (due_at) where sent_at is not null and began_at is null;
create index trigger_runs_begun on private.trigger_runs (began_at) where began_at is not null;
create index trigger_runs_workspace on private.trigger_runs (workspace_id);
create index trigger_runs_execution on private.trigger_runs (execution_id) where execution_id is not null;

-- One relay at a time sends, so that the pace towards Trigger.dev is one pace.
create table private.trigger_relay (
  one boolean primary key default true check (one),
  holder text not null,
  until timestamptz not null
);

-- What keeps runs from being taken or begun, for the alert; a row while it is so.
create table private.trigger_troubles (
  code text primary key,
  text text not null,
  since timestamptz not null default clock_timestamp()
);

alter table private.trigger_runs enable row level security;
alter table private.trigger_relay enable row level security;
alter table private.trigger_troubles enable row level security;
revoke all on private.trigger_runs, private.trigger_relay, private.trigger_troubles from public, anon, authenticated, sluice_member;
