-- A send that begins with a few of its contacts, while the rest waits until it is seen how these went (decision 0058).
create table public.send_canaries (
  send_id uuid primary key,
  workspace_id text not null,
  -- With how many it begins: a number, or a part of all.
  contacts integer check (contacts between 1 and 1000),
  percent double precision check (percent between 0.1 and 20),
  -- For how long they are watched, and what they may find. It is settled when the send is made.
  minutes integer not null check (minutes between 1 and 1440),
  failure_percent double precision not null check (failure_percent between 0 and 50),
  opt_out_percent double precision not null check (opt_out_percent between 0 and 50),
  -- Whether the flow has a step that sends.
  has_messages boolean not null,
  -- How many they are; null until all contacts are enrolled.
  few integer,
  few_begin_by timestamptz,
  seen jsonb not null default '{}',
  watched_since timestamptz,
  held_at timestamptz,
  held_for jsonb,
  opened_at timestamptz,
  opened_by text check (opened_by in ('itself', 'person', 'too_few')),
  opened_by_name text,
  check ((contacts is null) <> (percent is null)),
  unique (workspace_id, send_id),
  foreign key (workspace_id, send_id) references public.flow_sends (workspace_id, id) on delete cascade
);
create index send_canaries_open on public.send_canaries (send_id) where opened_at is null and few is not null;
alter table public.send_canaries enable row level security;
revoke all on public.send_canaries from public, anon, authenticated, sluice_member;
grant select on public.send_canaries to authenticated, sluice_member;
create policy send_canaries_read on public.send_canaries for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));

-- The few: the executions with which such a send begins.
create table public.canary_executions (
  flow_execution_id uuid primary key,
  send_id uuid not null,
  workspace_id text not null,
  foreign key (workspace_id, flow_execution_id) references public.flow_executions (workspace_id, id) on delete cascade,
  foreign key (workspace_id, send_id) references public.send_canaries (workspace_id, send_id) on delete cascade
);
create index canary_executions_send on public.canary_executions (send_id);
alter table public.canary_executions enable row level security;
revoke all on public.canary_executions from public, anon, authenticated, sluice_member;
grant select on public.canary_executions to authenticated, sluice_member;
create policy canary_executions_read on public.canary_executions for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));

-- expand: Earlier code never writes this state. It leaves a send in it as it is, and the rest of the contacts waits.
alter table public.flow_sends drop constraint flow_sends_state_check;
alter table public.flow_sends add constraint flow_sends_state_check
  check (state in ('enrolling', 'canary', 'running', 'paused', 'stopped', 'undone', 'done', 'awaiting_approval'));

-- expand: Earlier code never writes this kind of notice, and shows those that it knows.
alter table public.notices drop constraint notices_kind_check;
alter table public.notices add constraint notices_kind_check
  check (kind in ('provider_down', 'mail_guard', 'send_errors', 'maybe_stop', 'approval_asked', 'approval_decided', 'canary_held'));
