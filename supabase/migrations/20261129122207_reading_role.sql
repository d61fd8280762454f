-- A forecast looks at contacts through this role. It can read the rows of one workspace, which the transaction names, and write
-- nothing; what it sees of a workspace is what decides whether a message may leave.
do $$
begin
  if not exists (select from pg_roles where rolname = 'sluice_reader') then
    create role sluice_reader nologin noinherit;
  end if;
  -- A superuser may be anybody. Whoever is none may be the role that it made only where it says so.
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant sluice_reader to %I', current_user);
  end if;
  -- A login of the worker that an earlier version made.
  if exists (select from pg_roles where rolname = 'sluice_worker') and not pg_has_role('sluice_worker', 'sluice_reader', 'member') then
    grant sluice_reader to sluice_worker;
  end if;
end $$;

create function private.reader_workspace() returns text language sql stable set search_path = '' as $$
  select current_setting('sluice.reader_workspace', true)
$$;
revoke all on function private.reader_workspace() from public, anon, authenticated;
grant execute on function private.reader_workspace() to sluice_reader;

grant usage on schema public, private, extensions to sluice_reader;
do $$
declare
  t text;
begin
  foreach t in array array['contacts', 'suppressions', 'flows', 'flow_publications', 'flow_sends', 'flow_executions', 'messages', 'lead_statuses']
  loop
    execute format('grant select on public.%I to sluice_reader', t);
    execute format('create policy %I on public.%I for select to sluice_reader using (workspace_id = (select private.reader_workspace()))',
      t || '_forecast', t);
  end loop;
end $$;
grant select on public.workspaces to sluice_reader;
create policy workspaces_forecast on public.workspaces for select to sluice_reader using (id = (select private.reader_workspace()));
grant select on private.workspace_limits to sluice_reader;
create policy workspace_limits_forecast on private.workspace_limits for select to sluice_reader
  using (workspace_id = (select private.reader_workspace()));
grant execute on function private.has_stopped(text, uuid, text), private.phone_country(text), private.unaccented(text),
  private.unspaced_letters(text), private.folded_name(text) to sluice_reader;
