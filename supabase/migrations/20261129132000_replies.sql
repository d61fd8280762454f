-- A reply belongs to one execution: the one that waits for it, or the one that wrote to the contact last.

alter table public.inbound_messages
  -- An out-of-office note or the like. Nobody wrote it, so it is no reply.
  add column automatic boolean not null default false,
  add column flow_execution_id uuid,
  -- The visit of the last message of that execution that had left when this came; 0 if there was none.
  add column after_visit integer,
  add constraint inbound_messages_execution foreign key (workspace_id, flow_execution_id)
    references public.flow_executions (workspace_id, id) on delete set null (flow_execution_id);
create index inbound_messages_execution on public.inbound_messages (flow_execution_id) where flow_execution_id is not null;
