-- What providers tell us is stored before it is answered, and acted on afterwards, once.

-- When the message reached the phone or the mailbox, says the provider.
alter table public.messages add column delivered_at timestamptz;
-- Since when it is not known whether the message left. It is about when it was handed over.
alter table public.messages add column doubt_at timestamptz;

-- Reports of what became of messages. They hold no address and no text.
create table private.delivery_reports (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null references public.workspaces (id) on delete cascade,
  channel text not null check (channel in ('sms', 'email')),
  provider text not null,
  -- The same for a report that comes several times.
  key text not null check (length(key) <= 200),
  -- A DeliveryReport of channels/provider-server.ts, or what in it was not understood.
  report jsonb not null,
  received_at timestamptz not null default clock_timestamp(),
  handled_at timestamptz,
  unique (workspace_id, channel, provider, key)
);
alter table private.delivery_reports enable row level security;
create index delivery_reports_open on private.delivery_reports (workspace_id, id) where handled_at is null;
create index delivery_reports_newest on private.delivery_reports (workspace_id, channel, received_at desc);
create index delivery_reports_old on private.delivery_reports (received_at);

-- What people wrote to a workspace.
create table public.inbound_messages (
  id uuid primary key default private.uuid_v7(),
  workspace_id text not null references public.workspaces (id) on delete cascade,
  channel text not null check (channel in ('sms', 'email')),
  provider text not null,
  provider_message_id text not null check (length(provider_message_id) <= 200),
  -- Null once the person behind the address was erased.
  from_address text,
  to_address text not null,
  body text,
  -- Files that came with it. They are counted and not kept.
  files integer not null default 0 check (files >= 0),
  -- The contact who wrote: the one of this address who was written to last.
  contact_id uuid,
  -- The message of ours that it probably answers.
  answers_id uuid references public.messages (id) on delete set null,
  -- What the text asks for, if it is such a word: stop, start, help, or something that may mean stop.
  word text check (word in ('stop', 'start', 'help', 'maybe_stop')),
  received_at timestamptz not null default clock_timestamp(),
  handled_at timestamptz,
  unique (workspace_id, channel, provider, provider_message_id),
  foreign key (workspace_id, contact_id) references public.contacts (workspace_id, id) on delete set null (contact_id)
);
create index inbound_messages_newest on public.inbound_messages (workspace_id, received_at desc, id desc);
create index inbound_messages_contact on public.inbound_messages (contact_id, received_at desc) where contact_id is not null;
create index inbound_messages_address on public.inbound_messages (workspace_id, channel, from_address, received_at desc);
create index inbound_messages_answers on public.inbound_messages (answers_id) where answers_id is not null;
create index inbound_messages_open on public.inbound_messages (workspace_id, id) where handled_at is null;
alter table public.inbound_messages enable row level security;
create policy inbound_messages_read on public.inbound_messages for select to authenticated, sluice_member
  using (workspace_id = any (array(select private.member_workspaces())));
revoke all on public.inbound_messages from public, anon, authenticated, sluice_member;
grant select on public.inbound_messages to authenticated, sluice_member;
