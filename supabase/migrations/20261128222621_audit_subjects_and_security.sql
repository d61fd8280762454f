-- The log of a workspace names what each entry is about as it was called then. Contacts are not named here: their names
-- are read while they exist, so that an erased person is in no entry.
alter table public.audit_log
  add column subject_name text,
  add column times integer not null default 1,
  add column last_at timestamptz,
  add column repeat_key text;

-- What may happen often within an hour, such as a refused act, is one entry that counts.
create unique index audit_log_repeats on public.audit_log (workspace_id, repeat_key) where repeat_key is not null;

create function private.audit_subject_name(in_workspace text, of_type text, of_id text) returns text
language plpgsql stable security definer set search_path = ''
as $$
declare
  subject uuid;
begin
  if of_id is null then
    return null;
  end if;
  if of_type = 'api_key' then
    return (select k.name from public.api_keys k where k.workspace_id = in_workspace and k.id::text = of_id);
  elsif of_type = 'workspace' then
    return (select w.name from public.workspaces w where w.id = in_workspace and w.id = of_id);
  end if;
  if of_id !~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' then
    return null;
  end if;
  subject := of_id::uuid;
  return case of_type
    when 'flow' then (select f.name from public.flows f where f.workspace_id = in_workspace and f.id = subject)
    when 'send' then (
      select f.name from public.flow_sends s join public.flows f on f.workspace_id = s.workspace_id and f.id = s.flow_id
      where s.workspace_id = in_workspace and s.id = subject)
    when 'execution' then (
      select f.name from public.flow_executions e join public.flows f on f.workspace_id = e.workspace_id and f.id = e.flow_id
      where e.workspace_id = in_workspace and e.id = subject)
    when 'lead_status' then (
      select l.name from public.lead_statuses l where l.workspace_id = in_workspace and l.id = subject)
    else
      case when of_type in ('member', 'account', 'session', 'instance') then coalesce(
        (select u.name from private.users u where u.id = subject),
        (select p.name from private.supabase_people p where p.id = subject))
      end
  end;
end $$;
revoke all on function private.audit_subject_name(text, text, text) from public;

create or replace function private.sign_audit_entry() returns trigger
language plpgsql security definer set search_path = ''
as $$
begin
  if current_setting('role') = 'sluice_member' then
    new.created_at := now();
    new.times := 1;
    new.last_at := null;
    new.repeat_key := null;
    new.actor_name := coalesce(
      (select u.name from private.users u where u.id = new.actor_id),
      (select p.name from private.supabase_people p where p.id = new.actor_id),
      (select 'API key ' || k.name from public.api_keys k where k.workspace_id = new.workspace_id and k.member_id = new.actor_id limit 1),
      new.actor_name);
  end if;
  if new.subject_type in ('contact', 'contacts', 'bin', 'suppression', 'invitation') then
    new.subject_name := null;
  else
    new.subject_name := coalesce(private.audit_subject_name(new.workspace_id, new.subject_type, new.subject_id), new.subject_name);
  end if;
  return new;
end $$;
