-- A link to a new password is given out by an owner, and ends with their being one, as keys and invitations do.
create or replace function private.end_grants() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  ranks constant text[] := array['viewer', 'editor', 'admin', 'owner'];
  left_with int := case when tg_op = 'DELETE' then 0 else array_position(ranks, new.role) end;
begin
  if old.kind <> 'user' or tg_op = 'UPDATE' and left_with >= array_position(ranks, old.role) then
    return null;
  end if;
  delete from private.password_resets where created_by = old.user_id;
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
