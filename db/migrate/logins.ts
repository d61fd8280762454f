import { hkdfSync } from "node:crypto";
import pg from "pg";

/*
 * Three logins: the owner of the schema migrates and nothing else. `sluice_worker` is the engine's, and that of requests
 * before their caller is known: it may read and write every row and change no table. `sluice_api` is that of every request
 * of a member, and is bound by the policies.
 */

/** A login that may do more than the product needs of it. Its message is printed as it is. */
export class LoginFailure extends Error {
  override readonly name = "LoginFailure";
  readonly code = "login_too_strong";
}

/** The password of the worker's login of an embedded Postgres. It is derived, so older data folders have one too. */
export const workerPassword = (masterKey: Buffer): string =>
  Buffer.from(hkdfSync("sha256", masterKey, "", "sluice worker login v1", 24)).toString("base64url");

const worker = "sluice_worker";
/** Schemas of the product. Those that are not there yet are passed over. */
const schemas = ["public", "private", "auth", "graphile_worker"];

/** Makes the login of the worker of an embedded Postgres. */
export async function prepareWorkerLogin(ownerUrl: string, password: string): Promise<void> {
  await withClient(ownerUrl, async (client) => {
    const { rowCount } = await client.query("select from pg_roles where rolname = $1", [worker]);
    if (!rowCount) await client.query(`create role ${worker}`).catch(unlessThere);
    await client.query(
      `alter role ${worker} login nosuperuser nocreatedb nocreaterole noinherit noreplication bypassrls password ${client.escapeLiteral(password)}`,
    );
    await client.query(`grant authenticated, sluice_member to ${worker}`);
  });
  await grantRows(ownerUrl, worker);
}

/**
 * Gives the login of the worker every row of every table of the product, and the role that only reads. The owner does so at each start, after the
 * migrations, because they may have added tables.
 */
export async function grantRows(ownerUrl: string, login: string): Promise<void> {
  await withClient(ownerUrl, async (client) => {
    const to = client.escapeIdentifier(login);
    const { rows } = await client.query<{ name: string }>("select nspname as name from pg_namespace where nspname = any($1)", [schemas]);
    for (const { name } of rows) {
      await client.query(`
        grant usage on schema ${name} to ${to};
        grant select, insert, update, delete on all tables in schema ${name} to ${to};
        grant usage, select, update on all sequences in schema ${name} to ${to};
        grant execute on all functions in schema ${name} to ${to}`);
    }
    await client.query(`grant sluice_reader to ${to}`);
  });
}

/** Two processes that start at once may both find no role. */
function unlessThere(error: Error & { code?: string }): void {
  if (error.code !== "42710" && error.code !== "23505") throw error;
}

export interface LoginRights {
  login: string;
  isSuperuser: boolean;
  bypassesPolicies: boolean;
}

export async function readLoginRights(url: string): Promise<LoginRights> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<LoginRights>(
      `select rolname as login, rolsuper as "isSuperuser", rolsuper or rolbypassrls as "bypassesPolicies" from pg_roles where rolname = session_user`,
    );
    return rows[0] as LoginRights;
  });
}

/**
 * Checks the logins of a database that the operator brings along.
 * @returns sentences for the log where a login may do more than it needs, because no other was given
 * @throws LoginFailure where a login was given for the API and the policies do not bind it
 */
export async function checkLogins(urls: { workUrl: string; apiUrl: string; hasApiLogin: boolean }): Promise<string[]> {
  const warnings: string[] = [];
  const api = await readLoginRights(urls.apiUrl);
  if (api.bypassesPolicies && urls.hasApiLogin) {
    throw new LoginFailure(
      `The login ${api.login} of API_DATABASE_URL is not bound by row level security: use sluice_api, or take SUPERUSER and BYPASSRLS away from it.`,
    );
  }
  if (api.bypassesPolicies) {
    warnings.push(
      `The API logs in as ${api.login}, which no policy binds before it drops to a role that they bind. Set API_DATABASE_URL to the login sluice_api.`,
    );
  }
  const work = await readLoginRights(urls.workUrl);
  if (work.isSuperuser) {
    warnings.push(
      `The web server and the worker log in as the superuser ${work.login}. Set WORKER_DATABASE_URL to the login sluice_worker; docs/operations.md says how to make it.`,
    );
  }
  return warnings;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: "sluice logins" });
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
