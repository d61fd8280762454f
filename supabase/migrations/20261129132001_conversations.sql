-- What a contact wrote is read and answered in one place. There is a row for each contact who has written.

create table public.conversations (
  workspace_id text not null references public.workspaces (id) on delete cascade,
  contact_id uuid not null,
  -- A message that comes in opens a closed one again.
  status text not null default 'open' check (status in ('open', 'closed')),
  -- The member who looks after it.
  assignee_id uuid,
  -- How many messages came in since somebody opened it.
  unread integer not null default 0 check (unread >= 0),
  -- When the last message came in.
  last_at timestamptz not null,
  primary key (workspace_id, contact_id),
  foreign key (workspace_id, contact_id) references public.contacts (workspace_id, id) on delete cascade,
  foreign key (workspace_id, assignee_id) references public.workspace_members (workspace_id, user_id) on delete set null (assignee_id)
);
create index conversations_newest on public.conversations (workspace_id, status, last_at desc, contact_id desc);
create index conversations_assignee on public.conversations (workspace_id, assignee_id) where assignee_id is not null;
create index conversations_contact on public.conversations (contact_id);

alter table public.conversations enable row level security;
revoke all on public.conversations from public, anon, authenticated, sluice_member;
grant select on public.conversations to authenticated, sluice_member;
grant update (status, assignee_id, unread) on public.conversations to sluice_member;
create policy conversations_read on public.conversations for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));
create policy conversations_update on public.conversations for update to sluice_member
  using (workspace_id = any (array(select private.member_workspaces_as('editor'))))
  with check (workspace_id = any (array(select private.member_workspaces_as('editor'))));

-- Who wrote before there were conversations has one, and nobody is told anew of what came in long ago.
insert into public.conversations (workspace_id, contact_id, status, last_at)
  select workspace_id, contact_id, 'closed', max(received_at) from public.inbound_messages where contact_id is not null group by 1, 2;
