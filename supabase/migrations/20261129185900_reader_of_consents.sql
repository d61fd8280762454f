-- A forecast asks about the consent that marketing SMS need, as the gate does.
grant select on public.contact_consents to sluice_reader;
create policy contact_consents_forecast on public.contact_consents for select to sluice_reader
  using (workspace_id = (select private.reader_workspace()));
