-- What a Supabase project has and a plain Postgres lacks, so that one set of migrations and policies fits both.
-- Applied by db/migrate/migrate.ts where auth.uid() does not resolve; never a migration, because on Supabase these objects
-- belong to the platform. Every piece is guarded: a half-prepared database is completed, nothing of it is replaced.

do $$
begin
  if to_regrole('anon') is null then create role anon nologin noinherit; end if;
  if to_regrole('authenticated') is null then create role authenticated nologin noinherit; end if;
  if to_regrole('service_role') is null then
    create role service_role nologin noinherit;
    -- Only a superuser may hand out BYPASSRLS; without it the role exists and simply sees what policies allow.
    begin
      alter role service_role bypassrls;
    exception when insufficient_privilege then
      raise notice 'service_role stays without BYPASSRLS: this login may not grant it';
    end;
  end if;
  if to_regrole('authenticator') is null then
    create role authenticator nologin noinherit;
    grant anon, authenticated, service_role to authenticator;
  end if;
end $$;

create schema if not exists auth;
create schema if not exists extensions;
grant usage on schema auth, extensions to anon, authenticated, service_role;

-- The claims of the caller, with Supabase's semantics: one setting per claim first (the older form), then the JSON.
do $$
begin
  if to_regprocedure('auth.uid()') is null then
    create function auth.uid() returns uuid language sql stable as $fn$
      select coalesce(
        nullif(current_setting('request.jwt.claim.sub', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
      )::uuid
    $fn$;
  end if;
  if to_regprocedure('auth.role()') is null then
    create function auth.role() returns text language sql stable as $fn$
      select coalesce(
        nullif(current_setting('request.jwt.claim.role', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
      )
    $fn$;
  end if;
  if to_regprocedure('auth.jwt()') is null then
    create function auth.jwt() returns jsonb language sql stable as $fn$
      select coalesce(
        nullif(current_setting('request.jwt.claim', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')
      )::jsonb
    $fn$;
  end if;
end $$;
