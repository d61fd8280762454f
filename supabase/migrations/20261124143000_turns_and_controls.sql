-- What can be done to a send that is under way, and how the workspaces share the workers.

alter table public.workspaces add column undo_seconds integer not null default 10 check (undo_seconds between 0 and 60);
grant update (undo_seconds) on public.workspaces to sluice_member;

alter table public.flow_sends
  -- Nothing leaves before; until then the send can be undone.
  add column undo_until timestamptz,
  -- As it was asked for ({at, zone}, {count, everySeconds, days, hours}) and the next moment that follows from it.
  add column start jsonb,
  add column start_at timestamptz,
  add column drip jsonb,
  add column next_at timestamptz,
  -- The round of the drip that is open, and how many of it have begun.
  add column drip_round_at timestamptz,
  add column drip_used integer not null default 0,
  add column changed_at timestamptz,
  add column changed_by uuid,
  add column changed_by_name text;
drop index public.flow_sends_open;
alter table public.flow_sends drop column open_lanes;
-- What a reaper must look through: sends that have not come to their end.
create index flow_sends_open on public.flow_sends (created_at) where ended_at is null;

-- Why an execution is to be ended at its next step; set by a person, carried out by whoever holds it.
alter table public.flow_executions add column cancel_reason text;

-- A send's messages: for the account when it is stopped, and for what a retry would send again.
create index messages_send on public.messages (send_id);

-- A turn: one worker has a portion of one workspace's work in hand. A worker that dies leaves its turns behind; with
-- them goes the hold on everything they had taken.
create unlogged table private.turns (
  id uuid primary key,
  workspace_id text not null references public.workspaces (id) on delete cascade,
  worker_id uuid not null,
  -- Small work, which does not count against the workspace's limit.
  is_quick boolean not null,
  began_at timestamptz not null
);
create index turns_workspace on private.turns (workspace_id);

-- A lane of a send: a chain of chunks, one after the other. A send has a few, so it can never hold more workers than that.
create table private.send_lanes (
  send_id uuid not null references public.flow_sends (id) on delete cascade,
  lane integer not null,
  workspace_id text not null,
  -- The first execution that has not been handed to anybody, by its number in the send.
  from_seq integer not null,
  -- Not before: a schedule, an undo window, a drip, a provider's rate, or a pause after a failure.
  ready_at timestamptz not null,
  -- In whose hands [from_seq, upto_seq) are.
  turn_id uuid,
  upto_seq integer,
  -- How often this portion was begun, and how often that ended in an error.
  tries integer not null default 0,
  failures integer not null default 0,
  served_at timestamptz not null,
  primary key (send_id, lane)
) with (fillfactor = 50, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0.2);
create index send_lanes_workspace on private.send_lanes (workspace_id, served_at);

alter table public.wake_ups
  add column turn_id uuid,
  add column failures integer not null default 0;
drop index public.wake_ups_due;
create index wake_ups_due on public.wake_ups (workspace_id, due_at);

-- How many turns a workspace may have at once; without a row the default of the engine counts.
create table private.workspace_limits (
  workspace_id text primary key references public.workspaces (id) on delete cascade,
  lanes integer not null check (lanes between 1 and 64),
  updated_at timestamptz not null default now()
);

-- One row per channel of a workspace, shared by all workers: a token bucket for the rate the provider allows, and how
-- long the channel rests after a refusal or a row of failures.
create table private.channel_gates (
  workspace_id text not null references public.workspaces (id) on delete cascade,
  channel text not null check (channel in ('sms', 'email')),
  per_minute integer check (per_minute between 1 and 1000000),
  tokens double precision not null default 0,
  refilled_at timestamptz not null default now(),
  closed_until timestamptz,
  failures integer not null default 0,
  primary key (workspace_id, channel)
);

alter table private.turns enable row level security;
alter table private.send_lanes enable row level security;
alter table private.workspace_limits enable row level security;
alter table private.channel_gates enable row level security;
revoke all on private.turns, private.send_lanes, private.workspace_limits, private.channel_gates from public, anon, authenticated, sluice_member;
