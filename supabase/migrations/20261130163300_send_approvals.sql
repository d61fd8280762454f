-- Sends that wait until an admin or owner has approved them, and what was approved, by a hash of everything it means. Such a send has no
-- executions before.
create table public.send_approvals (
  send_id uuid primary key,
  workspace_id text not null,
  state text not null default 'asked' check (state in ('asked', 'approved', 'refused', 'withdrawn')),
  -- How often it was asked; more than once where it went back.
  round integer not null default 1,
  hash text not null,
  -- The hash of the flow as it was live. Null: the send brought a graph of its own.
  flow_hash text,
  -- How many contacts the selection meant when it was asked, or when it went back.
  contacts integer not null,
  asked_at timestamptz not null,
  -- The person behind it: of an API key its maker. They cannot approve it. Null: they have left.
  asked_by uuid,
  asked_by_name text,
  returned_because text check (returned_because in ('audience_moved', 'flow_changed', 'limits_changed')),
  returned_at timestamptz,
  contacts_before integer,
  decided_at timestamptz,
  decided_by uuid,
  decided_by_name text,
  comment text check (length(comment) <= 1000),
  -- Values of single contacts by their ids. Emptied once these are enrolled, or never will be.
  own_values jsonb,
  foreign key (workspace_id, send_id) references public.flow_sends (workspace_id, id) on delete cascade
);
create index send_approvals_workspace on public.send_approvals (workspace_id);
-- The values of a contact go with the contact.
create index send_approvals_own_values on public.send_approvals (workspace_id) where own_values is not null;

alter table public.send_approvals enable row level security;
revoke all on public.send_approvals from public, anon, authenticated, sluice_member;
grant select on public.send_approvals to authenticated, sluice_member;
create policy send_approvals_read on public.send_approvals for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));

-- Which sends wait: those to more contacts than a number, and those of editors.
alter table public.workspaces add column approval_rules jsonb not null default '{}';
grant update (approval_rules) on public.workspaces to sluice_member;

-- expand: Earlier code leaves the column empty and takes a send in this state for one of which nothing is to be done.
alter table public.flow_sends add column enroll_after timestamptz;
create index flow_sends_planned on public.flow_sends (enroll_after) where enroll_after is not null;
-- expand: The check lets in more than before.
alter table public.flow_sends drop constraint flow_sends_state_check;
-- expand: The check lets in more than before. The state of a send that begins with a few of its contacts stands here too: its migration is
-- older than this one, and was written at the same time.
alter table public.flow_sends add constraint flow_sends_state_check
  check (state in ('enrolling', 'canary', 'running', 'paused', 'stopped', 'undone', 'done', 'awaiting_approval'));

-- expand: Earlier code leaves both as they are, and so tells everybody.
alter table public.notices add column to_user uuid, add column to_admins boolean not null default false,
  add foreign key (workspace_id, to_user) references public.workspace_members (workspace_id, user_id) on delete cascade;
create index notices_to_user on public.notices (workspace_id, to_user) where to_user is not null;
-- expand: The check lets in more than before.
alter table public.notices drop constraint notices_kind_check;
-- expand: The check lets in more than before, and as above what the older migration lets in.
alter table public.notices add constraint notices_kind_check
  check (kind in ('provider_down', 'mail_guard', 'send_errors', 'maybe_stop', 'canary_held', 'approval_asked', 'approval_decided'));
-- expand: Only notices that earlier code does not know are kept from anybody.
alter policy notices_read on public.notices
  using (workspace_id = any (array(select private.member_workspaces()))
    and (to_user is null or to_user = (select private.current_user_id()))
    and (not to_admins or workspace_id = any (array(select private.member_workspaces_as('admin')))));
