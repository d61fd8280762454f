-- Messages that no execution comes back to: sent by hand, or tried out. A worker looks among them for those whose process died.
create index messages_alone on public.messages (created_at) where flow_execution_id is null;
