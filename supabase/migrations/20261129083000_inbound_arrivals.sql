-- When a provider last called us, with a signature that was right. The settings page says so.
create table private.inbound_arrivals (
  workspace_id text not null references public.workspaces (id) on delete cascade,
  channel text not null check (channel in ('sms', 'email')),
  provider text not null,
  last_at timestamptz not null default clock_timestamp(),
  primary key (workspace_id, channel, provider)
);
alter table private.inbound_arrivals enable row level security;
revoke all on private.inbound_arrivals from public, anon, authenticated, sluice_member;
