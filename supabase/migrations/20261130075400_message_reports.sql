-- What providers report on each message, one row for each report. The message itself keeps only what they come to, and the reports as they
-- came in are kept for two weeks.
create table public.message_reports (
  id uuid primary key default private.uuid_v7(),
  -- That of the message, with which a report goes.
  workspace_id text not null,
  message_id uuid not null references public.messages (id) on delete cascade,
  provider text not null,
  status text not null check (status in ('taken', 'sent', 'delivered', 'undelivered', 'complaint', 'unsubscribe')),
  reason text,
  -- The words of the provider.
  error_message text check (length(error_message) <= 500),
  received_at timestamptz not null
);
create index message_reports_message on public.message_reports (message_id, received_at, id);

alter table public.message_reports enable row level security;
revoke all on public.message_reports from public, anon, authenticated, sluice_member;
grant select on public.message_reports to authenticated, sluice_member;
create policy message_reports_read on public.message_reports for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));
