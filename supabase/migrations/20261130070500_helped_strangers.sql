-- HELP of numbers that are no contact's is answered so many times a day; these are the answers that count.
create index inbound_messages_helped_strangers on public.inbound_messages (workspace_id, received_at) where help_answer is not null and contact_id is null;

-- Who is erased is looked for among messages of no contact, too: test messages, and answers to people who were no contact yet.
create index messages_to_nobody on public.messages (workspace_id, channel, lower(to_address)) where contact_id is null and to_address is not null;
