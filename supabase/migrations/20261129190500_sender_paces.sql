-- Until when each sender's moments are given out (engine/messages/sender-pace.ts). How fast it may send stands in the settings of the
-- provider. Workers alone read and write it.
create table private.sender_paces (
  workspace_id text not null references public.workspaces (id) on delete cascade,
  channel text not null check (channel in ('sms', 'email')),
  sender text not null check (length(sender) between 1 and 254),
  state jsonb not null default '{}',
  primary key (workspace_id, channel, sender)
);
alter table private.sender_paces enable row level security;
revoke all on private.sender_paces from public, anon, authenticated, sluice_member;

-- A message that waits for its sender's pace, or for the next day of the workspace.
-- expand: Earlier code never writes this kind of wait, and goes on with every kind when its moment has come.
alter table public.flow_executions drop constraint flow_executions_waiting_for_check;
alter table public.flow_executions add constraint flow_executions_waiting_for_check
  check (waiting_for in ('time', 'reply', 'event', 'window', 'pace', 'capacity', 'hold', 'call', 'child'));
