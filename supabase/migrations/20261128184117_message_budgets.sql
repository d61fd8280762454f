-- Budgets that bound what one request, one stolen session or one flow that starts others can send: messages to a contact
-- in a day, messages of a workspace in an hour, and executions that flows start below one send.

alter table private.workspace_limits
  alter column lanes drop not null,
  add column messages_per_contact_day int check (messages_per_contact_day between 1 and 1000),
  add column messages_per_hour int check (messages_per_hour between 1 and 100000000),
  -- The hour that is counted begins with its first message.
  add column hour_from timestamptz,
  add column hour_used int not null default 0;

-- A null takes a limit back to the usual one.
create function private.set_contact_day_limit(of_workspace text, wanted int) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if not of_workspace = any (array(select private.member_workspaces_as('admin'))) then
    raise insufficient_privilege using message = 'Only an admin of the workspace sets its limits.';
  end if;
  insert into private.workspace_limits (workspace_id, messages_per_contact_day) values (of_workspace, wanted)
  on conflict (workspace_id) do update set messages_per_contact_day = excluded.messages_per_contact_day, updated_at = now();
end $$;
create function private.set_hour_limit(of_workspace text, wanted int) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if not of_workspace = any (array(select private.member_workspaces_as('admin'))) then
    raise insufficient_privilege using message = 'Only an admin of the workspace sets its limits.';
  end if;
  insert into private.workspace_limits (workspace_id, messages_per_hour) values (of_workspace, wanted)
  on conflict (workspace_id) do update set messages_per_hour = excluded.messages_per_hour, updated_at = now();
end $$;
revoke all on function private.set_contact_day_limit(text, int), private.set_hour_limit(text, int) from public, anon, authenticated;
grant execute on function private.set_contact_day_limit(text, int), private.set_hour_limit(text, int) to sluice_member;

-- The send that a person or program made, for the sends that flows make below it.
alter table public.flow_sends add column root_send_id uuid,
  add foreign key (workspace_id, root_send_id) references public.flow_sends (workspace_id, id) on delete set null (root_send_id);
with recursive below as (
  select id, id as root_id from public.flow_sends where parent_send_id is null
  union all
  select s.id, b.root_id from below b join public.flow_sends s on s.parent_send_id = b.id
)
update public.flow_sends s set root_send_id = b.root_id from below b where b.id = s.id and b.root_id <> s.id;
create index flow_sends_root on public.flow_sends (root_send_id) include (expected) where root_send_id is not null;
