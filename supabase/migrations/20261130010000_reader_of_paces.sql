-- A forecast asks the senders and the limit of the day as the gate does, and which sender last exchanged a message with a person.
grant select on private.sender_paces to sluice_reader;
create policy sender_paces_forecast on private.sender_paces for select to sluice_reader
  using (workspace_id = (select private.reader_workspace()));
grant select (workspace_id, contact_id, channel, to_address, automatic, received_at) on public.inbound_messages to sluice_reader;
create policy inbound_messages_forecast on public.inbound_messages for select to sluice_reader
  using (workspace_id = (select private.reader_workspace()));

-- Which steps of a way came to nothing is written with the way, by the code that walked it. Ways that are kept already are told once.
update public.forecast_ways w set steps = (
  select coalesce(jsonb_agg(
    case when s ->> 'reason' is not null and (s ->> 'status' in ('skipped', 'failed') or s ->> 'reason' = 'no_sending_hours')
      then s || '{"toNothing": true}' else s end order by place), '[]')
  from jsonb_array_elements(w.steps) with ordinality as e (s, place));
