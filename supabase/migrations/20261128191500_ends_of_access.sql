-- What a person has given out (invitations, API keys) ends with their right to give it. And what an admin may do to
-- members and records is held by the policies too, not only by the API.

-- Removal ends everything that the person gave out. A lower role ends what that role could not give or do itself.
create function private.end_grants() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  ranks constant text[] := array['viewer', 'editor', 'admin', 'owner'];
  left_with int := case when tg_op = 'DELETE' then 0 else array_position(ranks, new.role) end;
begin
  if old.kind <> 'user' or tg_op = 'UPDATE' and left_with >= array_position(ranks, old.role) then
    return null;
  end if;
  if left_with < array_position(ranks, 'admin') then
    update public.workspace_invitations set revoked_at = now()
    where workspace_id = old.workspace_id and invited_by = old.user_id and accepted_at is null and revoked_at is null;
  end if;
  update public.api_keys k set revoked_at = now()
  from public.workspace_members m
  where k.workspace_id = old.workspace_id and k.created_by = old.user_id and k.revoked_at is null
    and m.workspace_id = k.workspace_id and m.user_id = k.member_id and array_position(ranks, m.role) > left_with;
  return null;
end $$;
revoke execute on function private.end_grants() from public;

create trigger workspace_members_end_grants after delete or update of role on public.workspace_members
  for each row execute function private.end_grants();

-- Only an owner makes, changes or removes an owner. Everybody may leave.
alter policy workspace_members_insert on public.workspace_members
  with check (workspace_id = any (array(select private.member_workspaces_as('admin')))
    and (role <> 'owner' or workspace_id = any (array(select private.member_workspaces_as('owner')))));
alter policy workspace_members_update on public.workspace_members
  using (workspace_id = any (array(select private.member_workspaces_as('admin')))
    and (role <> 'owner' or workspace_id = any (array(select private.member_workspaces_as('owner')))))
  with check (workspace_id = any (array(select private.member_workspaces_as('admin')))
    and (role <> 'owner' or workspace_id = any (array(select private.member_workspaces_as('owner')))));
alter policy workspace_members_delete on public.workspace_members
  using (user_id = (select private.current_user_id())
    or workspace_id = any (array(select private.member_workspaces_as('admin')))
      and (role <> 'owner' or workspace_id = any (array(select private.member_workspaces_as('owner')))));

-- Nobody writes in another's name.
alter policy audit_log_insert on public.audit_log
  with check (workspace_id = any (array(select private.member_workspaces())) and actor_id = (select private.current_user_id()));
alter policy workspace_invitations_insert on public.workspace_invitations
  with check (workspace_id = any (array(select private.member_workspaces_as('admin'))) and invited_by = (select private.current_user_id()));
alter policy api_keys_insert on public.api_keys
  with check (workspace_id = any (array(select private.member_workspaces_as('admin'))) and created_by = (select private.current_user_id()));
alter policy contact_consents_insert on public.contact_consents
  with check (workspace_id = any (array(select private.member_workspaces_as('editor')))
    and (actor_id is null or actor_id = (select private.current_user_id())));

-- Of a key and an invitation a member changes only whether it still works, and a key's name: neither what it may do nor
-- who gave it.
revoke update on public.api_keys from sluice_member;
grant update (name, revoked_at) on public.api_keys to sluice_member;
revoke update on public.workspace_invitations from sluice_member;
grant update (revoked_at) on public.workspace_invitations to sluice_member;

-- The name and the time of an entry are the database's: a member cannot write under their own id and another's name.
create function private.sign_audit_entry() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if current_setting('role') <> 'sluice_member' then
    return new;
  end if;
  new.created_at := now();
  new.actor_name := coalesce(
    (select u.name from private.users u where u.id = new.actor_id),
    (select p.name from private.supabase_people p where p.id = new.actor_id),
    (select 'API key ' || k.name from public.api_keys k where k.workspace_id = new.workspace_id and k.member_id = new.actor_id limit 1),
    new.actor_name);
  return new;
end $$;
revoke execute on function private.sign_audit_entry() from public;

create trigger audit_log_sign before insert on public.audit_log for each row execute function private.sign_audit_entry();
