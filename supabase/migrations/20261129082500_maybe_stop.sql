-- What a person wrote may have meant STOP. Their number is closed until somebody has read it: an admin may open it again,
-- and the person has not stopped for good.
create or replace function private.lift_suppression(of_workspace text, of_id uuid) returns setof public.suppressions
language plpgsql security definer set search_path = '' as $$
begin
  if not of_workspace = any (array(select private.member_workspaces_as('admin'))) then
    raise insufficient_privilege using message = 'Only an admin of the workspace takes addresses off the suppression list.';
  end if;
  return query delete from public.suppressions s
    where s.workspace_id = of_workspace and s.id = of_id and s.reason in ('bounced_before', 'manual', 'maybe_stop') returning s.*;
end $$;

create or replace function private.has_stopped(of_workspace text, of_contact uuid, of_channel text) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (
    select from public.contacts c
    join public.suppressions s on s.workspace_id = c.workspace_id and s.channel = of_channel
      and s.address = case of_channel when 'sms' then c.phone_e164 else c.sort_email end
    where c.workspace_id = of_workspace and c.id = of_contact and s.reason not in ('bounced_before', 'manual', 'dnc', 'maybe_stop')
  ) or coalesce((
    select e.state = 'opted_out' and e.source not in ('manual', 'import', 'flow')
    from public.contact_consents e
    where e.workspace_id = of_workspace and e.contact_id = of_contact and e.channel = of_channel
      and (e.state = 'opted_in' or e.source not in ('manual', 'import', 'flow'))
    order by e.id desc limit 1
  ), false)
$$;
