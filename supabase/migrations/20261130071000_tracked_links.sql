-- Clicks and opens: links of messages that lead through here, and what became of them.

-- What a workspace wants to know of its messages. Nothing, unless an admin says so.
alter table public.workspaces add column track_clicks boolean not null default false;
alter table public.workspaces add column track_opens boolean not null default false;
-- The host name under which short links in SMS lead here. It belongs to one workspace, so that nobody sends links in another's name.
alter table public.workspaces add column short_domain text
  check (short_domain ~ '^[a-z0-9.-]{4,60}$');
-- expand: The column is new, so earlier code writes nothing to it.
create unique index workspaces_short_domain on public.workspaces (short_domain) where short_domain is not null;
grant update (track_clicks) on public.workspaces to sluice_member;
grant update (track_opens) on public.workspaces to sluice_member;
grant update (short_domain) on public.workspaces to sluice_member;

-- One row for each link of a message that was followed, and one for its picture. A short link has its row from the start, because its
-- code says nothing of where it leads.
create table public.tracked_links (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null,
  flow_execution_id uuid not null,
  visit integer not null,
  channel text not null check (channel in ('sms', 'email')),
  send_id uuid not null,
  contact_id uuid,
  kind text not null check (kind in ('click', 'open')),
  -- Where the link leads; null of a picture.
  url text check (length(url) <= 2048),
  -- What stands in a short link.
  code text check (code ~ '^[0-9A-Za-z]{12}$'),
  -- By people, as far as that can be told, and by programs that say what they are. Both end at a thousand.
  times integer not null default 0 check (times between 0 and 1000),
  machine_times integer not null default 0 check (machine_times between 0 and 1000),
  first_at timestamptz,
  last_at timestamptz,
  created_at timestamptz not null default now(),
  check ((kind = 'click') = (url is not null)),
  check ((times > 0) = (first_at is not null)),
  foreign key (workspace_id, flow_execution_id) references public.flow_executions (workspace_id, id) on delete cascade,
  foreign key (flow_execution_id, visit, channel) references public.messages (flow_execution_id, visit, channel) on delete cascade,
  foreign key (workspace_id, contact_id) references public.contacts (workspace_id, id) on delete set null (contact_id)
);
create unique index tracked_links_message on public.tracked_links (flow_execution_id, visit, channel, kind, md5(coalesce(url, '')));
create unique index tracked_links_code on public.tracked_links (code) where code is not null;
create index tracked_links_send on public.tracked_links (send_id, kind, flow_execution_id, first_at) where first_at is not null;
create index tracked_links_contact on public.tracked_links (contact_id, first_at desc);

alter table public.tracked_links enable row level security;
revoke all on public.tracked_links from public, anon, authenticated, sluice_member;
grant select on public.tracked_links to authenticated, sluice_member;
create policy tracked_links_read on public.tracked_links for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));
