-- What may mean STOP is decided by a person within two working days. If nobody does, it counts as STOP: nothing is sent where it is in doubt.

-- Until when somebody is to decide. Null: there is nothing to decide.
alter table public.suppressions add column decide_by timestamptz;
create index suppressions_undecided on public.suppressions (decide_by) where decide_by is not null;

-- Two working days after a moment, where the workspace is. Saturday and Sunday are none.
create function private.two_working_days_after(of_workspace text, at timestamptz) returns timestamptz
language sql stable security definer set search_path = '' as $$
  select (l.here + case extract(isodow from l.here)::int when 4 then 4 when 5 then 4 when 6 then 4 when 7 then 3 else 2 end * interval '1 day')
    at time zone l.zone
  from (select coalesce(w.time_zone, 'UTC') as zone, at at time zone coalesce(w.time_zone, 'UTC') as here
    from public.workspaces w where w.id = of_workspace) l
$$;
revoke all on function private.two_working_days_after(text, timestamptz) from public, anon, authenticated, sluice_member;

-- What was only tried out in test mode waits for nobody.
-- expand: The trigger fills a column that earlier code does not know, and changes nothing that earlier code writes.
create function private.set_decide_by() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  new.decide_by := case when new.reason = 'maybe_stop' and new.source <> 'trial'
    then private.two_working_days_after(new.workspace_id, new.created_at) end;
  return new;
end $$;
revoke all on function private.set_decide_by() from public, anon, authenticated, sluice_member;
create trigger suppressions_decide_by before insert or update of reason, source on public.suppressions for each row
  execute function private.set_decide_by();

-- Those who wrote before there was a limit have it from now on.
update public.suppressions set decide_by = private.two_working_days_after(workspace_id, now()) where reason = 'maybe_stop' and source <> 'trial';

-- A person may see that it was none. An opt-out that the contact did not ask for themselves is not theirs alone to take back.
create or replace function private.lift_suppression(of_workspace text, of_id uuid) returns setof public.suppressions
language plpgsql security definer set search_path = '' as $$
begin
  if not of_workspace = any (array(select private.member_workspaces_as('admin'))) then
    raise insufficient_privilege using message = 'Only an admin of the workspace takes addresses off the suppression list.';
  end if;
  return query delete from public.suppressions s
    where s.workspace_id = of_workspace and s.id = of_id
      and (s.reason in ('bounced_before', 'manual', 'maybe_stop') or s.source in ('decided', 'undecided')) returning s.*;
end $$;

create or replace function private.has_stopped(of_workspace text, of_contact uuid, of_channel text) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select from public.contacts c
    join public.suppressions s on s.workspace_id = c.workspace_id and s.channel = of_channel
      and s.address = case of_channel when 'sms' then c.phone_e164 else c.sort_email end
    where c.workspace_id = of_workspace and c.id = of_contact and s.reason not in ('bounced_before', 'manual', 'dnc', 'maybe_stop')
      and s.source not in ('decided', 'undecided')
  ) or coalesce((
    select e.state = 'opted_out' and e.source not in ('manual', 'import', 'flow')
    from public.contact_consents e
    where e.workspace_id = of_workspace and e.contact_id = of_contact and e.channel = of_channel
      and (e.state = 'opted_in' or e.source not in ('manual', 'import', 'flow'))
    order by e.id desc limit 1
  ), false)
$$;

-- Who opts a contact out has decided what they meant, and nobody is asked again.
create function private.decide_stops() returns trigger language plpgsql security definer set search_path = '' as $$
begin
  update public.suppressions s set reason = a.reason, source = 'decided'
  from (values ('sms', new.phone_e164, 'stop', new.sms_opted_out_at is not null or new.dnc),
    ('email', new.sort_email, 'unsubscribe', new.email_opted_out_at is not null or new.dnc)) as a (channel, address, reason, is_closed)
  where a.is_closed and s.workspace_id = new.workspace_id and s.channel = a.channel and s.address = a.address and s.reason = 'maybe_stop'
    and s.source <> 'trial';
  return null;
end $$;
revoke all on function private.decide_stops() from public, anon, authenticated, sluice_member;
create trigger contacts_decide_stops after update on public.contacts for each row
  when ((old.sms_opted_out_at is null and new.sms_opted_out_at is not null)
    or (old.email_opted_out_at is null and new.email_opted_out_at is not null) or (new.dnc and not old.dnc))
  execute function private.decide_stops();
