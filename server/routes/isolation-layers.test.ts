import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { scopes } from "#contract/people.ts";
import { defineRoute, member, type Route } from "#contract/route.ts";
import type { MemberCall } from "#server/http/handler.ts";
import { mountRoutes } from "#server/http/mount.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact } from "#test/factories.ts";
import { fingerprint, walkForeignIds } from "#test/foreign-ids.ts";
import { type Client, createClient } from "#test/http-client.ts";
import { callRoute, routeIds, routeTable } from "#test/route-call.ts";
import type { SampleIds } from "#test/route-samples.ts";
import { buildSampleIds } from "#test/sample-ids.ts";

// Two layers keep workspaces apart: each query names the workspace, and the policies of the database show no other one. Either of
// them holds alone, so one may fail without anybody seeing more. isolation.test.ts sees only the two together.

describe("where no policy binds the database, the queries", () => {
  let app: TestApp;
  let ourIds: SampleIds;
  let theirIds: SampleIds;
  beforeAll(async () => {
    app = await startTestApp();
    ourIds = await buildSampleIds(app, app.ours);
    theirIds = await buildSampleIds(app, app.theirs);
    const { rows } = await sql<{ name: string }>`
      select relname as name from pg_class where relnamespace = 'public'::regnamespace and relrowsecurity`.execute(app.db.owner);
    expect(rows.length).toBeGreaterThan(40);
    for (const { name } of rows) await sql`alter table ${sql.table(`public.${name}`)} disable row level security`.execute(app.db.owner);
  });
  afterAll(() => app.stop());

  const memberRoutes = routeIds.filter((id) => routeTable[id].auth.kind === "member");

  test("answer every question of another workspace without an id of ours", async () => {
    const asked = memberRoutes.filter((id) => routeTable[id].method === "GET" || routeTable[id].changesNothing);
    const stranger = await app.theirs.as("owner");
    const told: unknown[] = [];
    for (const id of asked) {
      const { text } = await callRoute(stranger, id, theirIds);
      for (const [name, ours] of Object.entries(ourIds)) if (text.includes(ours)) told.push({ id, name });
    }
    expect(told).toEqual([]);
  });

  test.each([
    ["a person", async () => (await app.theirs.as("owner")).with({ "x-request-id": "the-same-request" })],
    ["a key", async () => (await app.theirs.key(scopes)).with({ "x-request-id": "the-same-request" })],
  ] as const)(
    "find for %s under ids of ours what they find under ids of nothing, and change nothing of ours",
    async (_kind, makeClient) => {
      const client = await makeClient();
      const before = await fingerprint(app, app.ours.workspaceId);
      expect((await walkForeignIds(client, memberRoutes, { ourIds, theirIds })).differences).toEqual([]);
      expect(await fingerprint(app, app.ours.workspaceId)).toEqual(before);
    },
  );
});

describe("where a query forgets the workspace, the policies", () => {
  let app: TestApp;
  let client: Client;
  let foreign: string;
  let close: () => Promise<void>;
  const ask = { tag: "Test", summary: "Forgets the workspace", response: z.object({ rows: z.number() }) } as const;
  const routes = {
    read: defineRoute({ ...ask, method: "GET", path: "/api/read", auth: member("viewer", null) }),
    readAndChange: defineRoute({ ...ask, method: "GET", path: "/api/read-and-change", auth: member("viewer", null) }),
    change: defineRoute({ ...ask, method: "POST", path: "/api/change", auth: member("viewer", null), audit: "test.change" }),
    stream: defineRoute({ ...ask, method: "GET", path: "/api/stream", kind: "sse", auth: member("viewer", null) }),
  };
  const count = async (call: unknown) => {
    const { rows } = await sql`select from contacts`.execute((call as MemberCall<typeof routes.read>).db);
    return { rows: rows.length };
  };
  const change = async (call: unknown) => {
    const changed = await sql`update contacts set lastname = 'Changed'`.execute((call as MemberCall<typeof routes.read>).db);
    return { rows: Number(changed.numAffectedRows) };
  };
  const stream = async (call: unknown) => {
    const { inTransaction, res } = call as MemberCall<typeof routes.stream>;
    const { rows } = await inTransaction((db) => sql`select from contacts`.execute(db));
    res.status(200).json({ rows: rows.length });
    return undefined;
  };

  beforeAll(async () => {
    app = await startTestApp();
    await buildContact(app.db.owner, app.ours.workspaceId);
    foreign = await buildContact(app.db.owner, app.theirs.workspaceId, { lastname: "Theirs" });
    const one = express();
    const handlers = { read: count, readAndChange: change, change, stream };
    mountRoutes(one, routes as unknown as Record<string, Route>, handlers, {
      resources: app.resources,
      checkResponses: false,
      isClaimed: async () => true,
    });
    const server = createServer(one);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    close = () => new Promise((resolve) => server.close(() => resolve()));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const cookie = (await app.ours.as("editor")).headers.cookie as string;
    client = createClient(url, { cookie, origin: app.resources.publicUrl });
  });
  afterAll(async () => {
    await close();
    await app.stop();
  });
  const theirLastname = async () =>
    (await app.db.owner.selectFrom("contacts").select("lastname").where("id", "=", foreign).executeTakeFirstOrThrow()).lastname;

  test("show the rows of the caller's workspace alone, also where the route opens its transaction itself", async () => {
    expect((await client.get("/api/read")).body).toEqual({ rows: 1 });
    expect((await client.get("/api/stream")).body).toEqual({ rows: 1 });
  });

  test("let it change these alone", async () => {
    expect((await client.post("/api/change", {})).body).toEqual({ rows: 1 });
    expect(await theirLastname()).toBe("Theirs");
  });

  test("let a route that only reads change nothing, whatever the role of the caller", async () => {
    expect((await client.get("/api/read-and-change")).status).toBeGreaterThanOrEqual(400);
    expect(await theirLastname()).toBe("Theirs");
  });
});
