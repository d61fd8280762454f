-- Executions that wait for something about their contact to change: a row in waits while they do, and a trigger that makes
-- them due. Most of the time nobody waits, and then a change of contacts costs one look into an empty index.

create unique index waits_changed on public.waits (flow_execution_id) where event = 'contact_changed';

create function private.wake_watching() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select from public.waits where event = 'contact_changed') then
    return null;
  end if;
  -- Whoever holds one of these rows is a worker that has the execution in hand, and looks at the contact once more before
  -- it lets it rest (engine/sql/watches.ts). So nobody waits here, and a change of many contacts stands in nobody's way.
  with watching as materialized (
    select w.flow_execution_id from changed c
    join public.waits w on w.contact_id = c.id and w.workspace_id = c.workspace_id and w.event = 'contact_changed'
  ), asleep as materialized (
    select e.id from watching join public.flow_executions e on e.id = watching.flow_execution_id
    where e.wake_at > now() for update of e skip locked
  ), moved as (
    update public.flow_executions e set wake_at = now() from asleep where e.id = asleep.id
  ), due as materialized (
    select u.flow_execution_id from asleep join public.wake_ups u on u.flow_execution_id = asleep.id for update of u skip locked
  )
  update public.wake_ups u set due_at = now() from due where u.flow_execution_id = due.flow_execution_id;
  return null;
end $$;
revoke all on function private.wake_watching() from public, anon, authenticated, sluice_member;
create trigger contacts_wake after update on public.contacts referencing new table as changed
  for each statement execute function private.wake_watching();
