-- Within a send an address gets the messages of one contact only. The scope is the send that a person or a program made;
-- sends that its executions make by starting other flows share it. Null: the send allows duplicates, as all earlier ones do.
alter table public.flow_sends add column address_scope uuid;

-- Set on the message with which a contact took its address. Other messages of the same contact leave it null.
alter table public.messages add column address_scope uuid;
create unique index messages_address on public.messages (address_scope, channel, lower(to_address)) where address_scope is not null;
