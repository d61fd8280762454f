-- What a flow is to a member: one of their favourites, and when they last opened it.
create table public.member_flows (
  workspace_id text not null,
  user_id uuid not null,
  flow_id uuid not null,
  is_favourite boolean not null default false,
  opened_at timestamptz,
  primary key (workspace_id, user_id, flow_id),
  foreign key (workspace_id, user_id) references public.workspace_members (workspace_id, user_id) on delete cascade,
  foreign key (workspace_id, flow_id) references public.flows (workspace_id, id) on delete cascade
);
create index member_flows_flow on public.member_flows (workspace_id, flow_id);
alter table public.member_flows enable row level security;
revoke all on public.member_flows from public, anon, authenticated, sluice_member;
grant select on public.member_flows to authenticated;
grant select, insert, update, delete on public.member_flows to sluice_member;
-- A member sees and changes their own only.
create policy member_flows_own on public.member_flows for all to authenticated, sluice_member
  using (user_id = (select private.current_user_id()) and workspace_id = any (array(select private.member_workspaces())))
  with check (user_id = (select private.current_user_id()) and workspace_id = any (array(select private.member_workspaces())));

-- Who has a flow open now, by tab. A tab that closes takes its row away; one whose process died is passed over when it has not
-- been heard of for some seconds. A member who is removed is gone at once.
create table private.flow_presence (
  workspace_id text not null,
  flow_id uuid not null,
  user_id uuid not null,
  tab uuid not null,
  name text not null,
  came_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  primary key (workspace_id, flow_id, user_id, tab),
  foreign key (workspace_id, user_id) references public.workspace_members (workspace_id, user_id) on delete cascade,
  foreign key (workspace_id, flow_id) references public.flows (workspace_id, id) on delete cascade
);
create index flow_presence_user on private.flow_presence (workspace_id, user_id);
alter table private.flow_presence enable row level security;
revoke all on private.flow_presence from public, anon, authenticated, sluice_member;
