-- Who writes HELP is answered, once a day from each number of ours.

-- What the answer says. Null: the usual words. Empty: nobody is answered.
alter table public.workspaces add column help_text text check (length(help_text) <= 480);
grant update (help_text) on public.workspaces to sluice_member;

-- Whether the provider itself answers HELP, so that we do not.
alter table public.inbound_messages add column provider_answers_help boolean not null default false;
-- The id of the message of ours that answers a HELP. It is chosen before the message is written, so that it is written once.
alter table public.inbound_messages add column help_answer uuid;
-- When the answer is to be looked at next. Null: there is nothing to do.
alter table public.inbound_messages add column help_due_at timestamptz;
create index inbound_messages_helped on public.inbound_messages (workspace_id, from_address, to_address, received_at) where help_answer is not null;
create index inbound_messages_help_due on public.inbound_messages (workspace_id, help_due_at) where help_due_at is not null;
