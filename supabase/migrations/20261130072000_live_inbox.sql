-- The inbox is told of its changes, and does not ask for them. What of it has changed is told by the newest changes of its
-- conversations, so each of them knows its own.
alter table public.conversations add column updated_at timestamptz not null default now();
create index conversations_changed on public.conversations (workspace_id, updated_at desc, contact_id);
-- expand: Earlier code leaves the new column to it.
create trigger conversations_touch before update on public.conversations
  for each row when (old.* is distinct from new.*) execute function private.touch_updated_at();

-- How many wait for somebody to read them.
create index conversations_unread on public.conversations (workspace_id, contact_id) where status = 'open' and unread > 0;
-- All of them, open and closed, by the last message.
create index conversations_last on public.conversations (workspace_id, last_at desc, contact_id desc);
