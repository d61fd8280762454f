-- What became of the messages of a send, counted in the statement that counts its endings.

-- Null: the send is older than these counters.
alter table public.flow_sends add column reached integer, add column unreached integer;
alter table public.flow_sends alter column reached set default 0, alter column unreached set default 0;

-- Whether a message left for the contact, and which did not and why: 'sms:no_phone'.
alter table public.flow_executions add column reached boolean not null default false, add column missed text[];
create index flow_executions_missed on public.flow_executions (send_id, seq) where missed is not null;

-- The visit at which a retry tries again what failed.
alter table public.flow_executions add column retried_visit integer;
-- Steps that a retry does anew: the history keeps them, the totals do not.
alter table public.flow_execution_steps add column is_retried boolean not null default false;

create table public.send_message_counts (
  send_id uuid not null,
  workspace_id text not null,
  channel text not null,
  outcome text not null,
  -- Empty where the message left.
  reason text not null default '',
  count integer not null,
  constraint send_message_counts_pkey primary key (send_id, channel, outcome, reason),
  constraint send_message_counts_channel_check check (channel in ('sms', 'email')),
  constraint send_message_counts_outcome_check check (outcome in ('sent', 'skipped', 'failed')),
  constraint send_message_counts_workspace_id_send_id_fkey foreign key (workspace_id, send_id)
    references public.flow_sends (workspace_id, id) on delete cascade
) with (fillfactor = 50);
create index send_message_counts_send on public.send_message_counts (workspace_id, send_id);
alter table public.send_message_counts enable row level security;
create policy send_message_counts_read on public.send_message_counts for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));
revoke all on public.send_message_counts from public, anon, authenticated, sluice_member;
grant select on public.send_message_counts to authenticated, sluice_member;
