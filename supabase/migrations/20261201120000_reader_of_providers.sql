-- A send that leaves out who got a message lately counts messages of test mode while the channel is in it; a forecast asks the same.
grant select (workspace_id, channel, provider) on public.providers to sluice_reader;
create policy providers_forecast on public.providers for select to sluice_reader
  using (workspace_id = (select private.reader_workspace()));
