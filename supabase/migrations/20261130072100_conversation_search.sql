-- What contacts wrote is found by its words, as what was sent to them is: by the same words under the same weeks.
create index inbound_messages_words on public.inbound_messages
  using gin (private.message_words(from_address, null::text, body, received_at));

-- As private.member_messages, and with its names, so that one search serves both.
create view private.member_received as
  select id, workspace_id, contact_id, flow_execution_id, channel, provider, from_address as to_address, null::text as subject, body,
    received_at as created_at
  from public.inbound_messages where workspace_id || '' = any (array(select private.member_workspaces()));
revoke all on private.member_received from public, anon;
grant select on private.member_received to authenticated, sluice_member;
