import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startEmbeddedPostgres } from "#db/embedded/embedded.ts";

/**
 * Until 2026 a project granted every new table in `public` to the API's roles by default. New projects do not do so any
 * more.
 */
export type DefaultGrants = "old" | "new";

export interface HostedCluster {
  /** A new database as a Supabase project has it. The url is its owner's, who is no superuser, as on the platform. */
  createDatabase(name: string, grants: DefaultGrants): Promise<string>;
  asSuperuser(database: string, statement: string): Promise<void>;
  stop(): Promise<void>;
}

const owner = "project_owner";
const password = "only-on-this-machine";

/**
 * A Postgres of its own with what the platform's scripts make (github.com/supabase/postgres, migrations/db): roles that
 * are made before ours, an `auth` schema with another owner, and an owner who may make roles but is no superuser.
 */
export async function startHostedCluster(): Promise<HostedCluster> {
  const dataDir = mkdtempSync(join(tmpdir(), "sluice-hosted-"));
  const settings = { fsync: "off", full_page_writes: "off", max_connections: "100", shared_buffers: "64MB" };
  const postgres = await startEmbeddedPostgres({ dataDir, settings });
  const urlOf = (database: string) => {
    const url = new URL(postgres.ownerUrl);
    url.pathname = `/${database}`;
    return url;
  };
  const asSuperuser = async (database: string, statement: string) => {
    const client = new pg.Client({ connectionString: urlOf(database).href });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await asSuperuser("postgres", roles);
  return {
    asSuperuser,
    async createDatabase(name, grants) {
      await asSuperuser("postgres", `create database ${name} owner ${owner}`);
      await asSuperuser(name, platform + (grants === "old" ? oldDefaults : newDefaults));
      const url = urlOf(name);
      url.username = owner;
      url.password = password;
      return url.href;
    },
    stop: async () => {
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

const roles = `
  create role supabase_auth_admin noinherit createrole login;
  create role anon nologin noinherit;
  create role authenticated nologin noinherit;
  create role service_role nologin noinherit bypassrls;
  create role authenticator noinherit login;
  grant anon, authenticated, service_role to authenticator;
  create role ${owner} nosuperuser createdb createrole replication bypassrls login password '${password}';
  grant anon, authenticated, service_role to ${owner} with admin option;`;

const claim = (name: string) =>
  `coalesce(nullif(current_setting('request.jwt.claim.${name}', true), ''), nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> '${name}')`;

const platform = `
  create schema extensions;
  create extension "uuid-ossp" schema extensions;
  create extension pgcrypto schema extensions;
  create schema auth authorization supabase_auth_admin;
  grant usage on schema auth, extensions to anon, authenticated, service_role;
  grant all on schema extensions to ${owner};
  grant usage on schema auth to ${owner};
  create table auth.users (id uuid primary key, email text);
  alter table auth.users owner to supabase_auth_admin;
  create function auth.uid() returns uuid language sql stable as $$ select (${claim("sub")})::uuid $$;
  create function auth.role() returns text language sql stable as $$ select ${claim("role")} $$;
  create function auth.jwt() returns jsonb language sql stable as $$ select nullif(current_setting('request.jwt.claims', true), '')::jsonb $$;
  alter function auth.uid() owner to supabase_auth_admin;
  alter function auth.role() owner to supabase_auth_admin;
  alter function auth.jwt() owner to supabase_auth_admin;
  create publication supabase_realtime;
  grant usage on schema public to anon, authenticated, service_role;`;

const defaults = (verb: string, direction: string) =>
  ["tables", "functions", "sequences"]
    .map(
      (kind) =>
        `alter default privileges for role ${owner} in schema public ${verb} all on ${kind} ${direction} anon, authenticated, service_role;`,
    )
    .join("\n");
const oldDefaults = defaults("grant", "to");
const newDefaults = defaults("revoke", "from");
