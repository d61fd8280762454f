-- Whoever migrates must be able to act as these two, where the API has no login of its own. A superuser always can; since
-- Postgres 16 somebody who merely made a role cannot, until it is granted to them (a Supabase project's `postgres`).
do $$
begin
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant authenticated, sluice_member to %I', current_user);
  end if;
end $$;
