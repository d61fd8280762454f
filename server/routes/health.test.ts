import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDb, type Db } from "#db/client.ts";
import { createApp } from "#server/compose/app.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { type Client, createClient } from "#test/http-client.ts";

let app: TestApp;
const opened: { server: Server; db: Db }[] = [];
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  for (const { server, db } of opened) {
    server.close();
    await db.destroy();
  }
  await app.stop();
});

/** Serves the same product with another connection to its database. The caller stays the same. */
async function serveWith(apiDb: Db, more: { ownerDb?: Db } = {}): Promise<Client> {
  const server = createServer(createApp({ ...app.resources, apiDb, ...more }));
  opened.push({ server, db: apiDb });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { cookie = "" } = (await app.ours.as("owner")).headers;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return createClient(url, { cookie, origin: url });
}

test("a healthy instance says that it lives and that it can serve", async () => {
  expect((await app.nobody.get("/api/health")).body).toEqual({ status: "ok" });
  expect((await app.nobody.get("/api/ready")).body).toEqual({ status: "ready" });
});

describe("without its database", () => {
  test("it lives, cannot serve, and tells callers when to come back instead of failing or hanging", async () => {
    const nowhere = createDb("postgres://nobody@127.0.0.1:1/nothing");
    const client = await serveWith(nowhere, { ownerDb: nowhere });
    expect((await client.get("/api/health")).status).toBe(200);
    for (const path of ["/api/ready", "/api/session", "/api/contacts"]) {
      const { status, body, headers } = await client.get(path);
      expect([path, status, body.code, headers.get("retry-after")]).toEqual([path, 503, "unavailable", "2"]);
    }
  });

  test("also when every connection is in use: it waits 5 seconds, and not until one is free", async () => {
    const one = createDb(app.db.apiUrl, { maxConnections: 1 });
    const client = await serveWith(one);
    // The connection is in use until the answer has come: an answer that waited for it would never come.
    const held = sql`select pg_sleep(3600)`.execute(one).catch((error: unknown) => error);
    const startedAt = performance.now();
    const { status, body } = await client.get("/api/contacts");
    expect([status, body.code]).toEqual([503, "unavailable"]);
    expect(performance.now() - startedAt).toBeGreaterThan(4_900);
    await sql`select pg_cancel_backend(pid) from pg_stat_activity where query = 'select pg_sleep(3600)'`.execute(app.db.owner);
    expect(String(await held)).toContain("canceling statement");
    expect((await client.get("/api/contacts")).status).toBe(200);
  });

  test("also when the server ends connections under it: the next request is served again", async () => {
    const db = createDb(app.db.apiUrl, { applicationName: "to be ended" });
    const client = await serveWith(db);
    expect((await client.get("/api/contacts")).status).toBe(200);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'to be ended'`.execute(app.db.owner);
    const statuses = [(await client.get("/api/contacts")).status, (await client.get("/api/contacts")).status];
    expect(statuses[0] === 200 || statuses[0] === 503).toBe(true);
    expect(statuses[1]).toBe(200);
  });
});
