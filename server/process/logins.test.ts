import { sql } from "kysely";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { checkLogins, LoginFailure, prepareWorkerLogin, readLoginRights } from "#db/migrate/logins.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import { createClient } from "#test/http-client.ts";
import { type ProductProcess, startProduct } from "#test/product-process.ts";

let app: TestApp;
let workUrl: string;
const running: ProductProcess[] = [];
const password = "of the worker in tests";
beforeAll(async () => {
  app = await startTestApp();
  await prepareWorkerLogin(app.db.ownerUrl, password);
  const url = new URL(app.db.ownerUrl);
  url.username = "sluice_worker";
  url.password = password;
  workUrl = url.href;
});
afterEach(() => {
  for (const one of running.splice(0)) one.kill();
});
afterAll(() => app.stop());

test.each([
  ["make a table", "create table public.planted ()"],
  ["change a table", "alter table public.contacts add column planted text"],
  ["take the policies off a table", "alter table public.contacts disable row level security"],
  ["drop a table", "drop table public.suppressions"],
  ["make a login", "create role planted login"],
  ["become the owner", "set role postgres"],
  ["run a program", "copy (select 1) to program 'true'"],
  ["read a file", "select pg_read_file('postgresql.conf')"],
  ["change a setting of the server", "alter system set log_statement = 'none'"],
])("the worker's login may not %s", async (_, statement) => {
  const client = new pg.Client({ connectionString: workUrl });
  await client.connect();
  await expect(client.query(statement)).rejects.toThrow(/permission denied|must be|not owner/i);
  await client.end();
});

test("no login of a running product is a superuser, and the API's is bound by the policies", async () => {
  const product = await startProduct(app.db.ownerUrl, ["--port=0"], { WORKER_DATABASE_URL: workUrl, API_DATABASE_URL: app.db.apiUrl });
  running.push(product);
  const { headers } = await app.ours.key(["flows:send", "contacts:read", "contacts:write", "executions:read"]);
  const client = createClient(new URL(product.ready.url ?? "").origin, headers);
  const contact = await buildContact(app.db.owner, app.ours.workspaceId);
  const flowId = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), sms(), wait(1), node("end")));
  const sent = await client.post("/api/sends", { flowId, selection: { type: "filter", filter: { tests: [] } } });
  expect(sent.status).toBe(202);
  const state = async () => (await client.get(`/api/sends/${sent.body.send.id}`)).body.completed;
  await expect.poll(state, { interval: 200 }).toBe(1);
  expect((await client.get("/api/contacts/count")).body).toEqual({ total: 1 });
  expect((await client.delete(`/api/contacts/${contact}`)).status).toBe(200);
  const { rows } = await sql<{ login: string; super: boolean }>`select distinct a.usename as login, r.rolsuper as super
    from pg_stat_activity a join pg_roles r on r.rolname = a.usename
    where a.datname = current_database() and a.application_name in ('sluice engine', 'sluice requests', 'sluice api', '')
    order by 1`.execute(app.db.owner);
  expect(rows.filter((row) => row.super)).toEqual([]);
  expect(rows.map(({ login }) => login)).toEqual(["sluice_api", "sluice_worker"]);
  expect(await readLoginRights(app.db.apiUrl)).toEqual({ login: "sluice_api", isSuperuser: false, bypassesPolicies: false });
  expect(product.said()).not.toMatch(/permission denied|superuser/);
});

test("a login of the API that no policy binds is refused at the start; where none was given, the log says what to set", async () => {
  const { ownerUrl, apiUrl } = app.db;
  await expect(checkLogins({ workUrl, apiUrl: ownerUrl, hasApiLogin: true })).rejects.toThrow(LoginFailure);
  await expect(checkLogins({ workUrl, apiUrl: workUrl, hasApiLogin: true })).rejects.toThrow(/sluice_worker of API_DATABASE_URL/);
  expect(await checkLogins({ workUrl: ownerUrl, apiUrl: ownerUrl, hasApiLogin: false })).toEqual([
    expect.stringContaining("API_DATABASE_URL"),
    expect.stringContaining("WORKER_DATABASE_URL"),
  ]);
  expect(await checkLogins({ workUrl, apiUrl, hasApiLogin: true })).toEqual([]);
});
