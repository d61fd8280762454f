-- What a send would do, told before it is made. One row is kept for each look with its sums, and one for each contact that was
-- looked at, so that who gets nothing can be listed, and so that a send can be compared with what was told of it.
create table public.forecasts (
  id uuid primary key,
  workspace_id text not null references public.workspaces (id) on delete cascade,
  flow_id uuid not null,
  -- Tells the content of the flow that was walked. Null until it was.
  flow_content text,
  state text not null check (state in ('waiting', 'running', 'done', 'cancelled', 'failed')),
  -- What was asked. It goes when the forecast is over, because the words of a search may be about a person.
  question jsonb,
  -- Identifies the contacts and the settings, so that a send which names this forecast is known to be the one that was asked about.
  question_hash text not null,
  total integer not null,
  -- How many contacts were looked at so far, and their sums.
  looked integer not null default 0,
  sums jsonb,
  error_message text,
  -- The person or the key that asked. Each has one forecast under way.
  asked_by text not null,
  -- The walk that writes. Another one begins where it stood still, and the first then finds that this row is no longer its own.
  walk uuid,
  walks integer not null default 0,
  created_at timestamptz not null default now(),
  moved_at timestamptz not null default now(),
  finished_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, flow_id) references public.flows (workspace_id, id) on delete cascade
);
create index forecasts_flow on public.forecasts (workspace_id, flow_id);
create index forecasts_under_way on public.forecasts (workspace_id) where state in ('waiting', 'running');
create index forecasts_age on public.forecasts (created_at);

-- The ways through the flow that contacts of a forecast take. Thousands of contacts share a few of them.
create table public.forecast_ways (
  workspace_id text not null,
  forecast_id uuid not null,
  way integer not null,
  -- The steps in their order, each with its node, visit, status, exit and reason.
  steps jsonb not null,
  primary key (forecast_id, way),
  foreign key (workspace_id, forecast_id) references public.forecasts (workspace_id, id) on delete cascade
);

-- A contact that is erased later loses its row here; the sums of the forecast stay.
create table public.forecast_contacts (
  workspace_id text not null,
  forecast_id uuid not null,
  contact_id uuid not null,
  -- Why the contact does not start; null where it does.
  refusal text,
  -- Why it starts and gets no message; empty where none is on its way, null where it gets one.
  nothing text,
  way integer,
  -- When its messages leave, in the order of its way.
  messages_at timestamptz[] not null default '{}',
  primary key (forecast_id, contact_id),
  foreign key (workspace_id, forecast_id) references public.forecasts (workspace_id, id) on delete cascade
);
create index forecast_contacts_contact on public.forecast_contacts (contact_id);

-- expand: Earlier code leaves the new column empty, and every other one stays as it is.
alter table public.flow_sends add column forecast_id uuid,
  add foreign key (workspace_id, forecast_id) references public.forecasts (workspace_id, id) on delete set null (forecast_id);
create index flow_sends_forecast on public.flow_sends (forecast_id) where forecast_id is not null;

alter table public.forecasts enable row level security;
alter table public.forecast_ways enable row level security;
alter table public.forecast_contacts enable row level security;
revoke all on public.forecasts, public.forecast_ways, public.forecast_contacts from public, anon, authenticated, sluice_member;
grant select on public.forecasts, public.forecast_ways, public.forecast_contacts to authenticated, sluice_member;
create policy forecasts_read on public.forecasts for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));
create policy forecast_ways_read on public.forecast_ways for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));
create policy forecast_contacts_read on public.forecast_contacts for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));
