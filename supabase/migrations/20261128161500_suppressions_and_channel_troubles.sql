-- A suppressed address tells how it came onto the list, has an id by which it is named, and can be taken off.

alter table public.suppressions
  add column id uuid not null default gen_random_uuid() unique,
  -- Who put it there: the provider's answer, the contact, an import, a person.
  add column source text not null default 'provider',
  -- The provider's own words, without the address.
  add column detail text;
create index suppressions_newest on public.suppressions (workspace_id, created_at desc, id desc);

-- Taken off by an admin, and only where the person behind the address did not ask for it: a complaint, an unsubscription
-- and a STOP stay. Returned is what was taken off; no row means that there was none or that it has to stay.
create function private.lift_suppression(of_workspace text, of_id uuid) returns setof public.suppressions
language plpgsql security definer set search_path = '' as $$
begin
  if not of_workspace = any (array(select private.member_workspaces_as('admin'))) then
    raise insufficient_privilege using message = 'Only an admin of the workspace takes addresses off the suppression list.';
  end if;
  return query delete from public.suppressions s
    where s.workspace_id = of_workspace and s.id = of_id and s.reason in ('bounced_before', 'manual') returning s.*;
end $$;
revoke all on function private.lift_suppression(text, uuid) from public, anon, authenticated;
grant execute on function private.lift_suppression(text, uuid) to sluice_member;

-- What keeps a channel's provider from taking messages, from the first failure on, not only when the channel rests.
alter table private.channel_gates
  add column trouble_reason text,
  add column trouble_text text,
  add column trouble_since timestamptz,
  add column troubled_at timestamptz;
