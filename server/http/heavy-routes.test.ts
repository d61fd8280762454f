import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import express from "express";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { defineRoute, member, type Route } from "#contract/route.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, node } from "#test/graphs.ts";
import { type Answer, type Client, createClient } from "#test/http-client.ts";
import type { MemberCall } from "./handler.ts";
import { coresForHeavy } from "./heavy-statements.ts";
import { mountRoutes } from "./mount.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

/** A busy machine takes its time until the statements have begun. */
const waiting = async () => {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock' and application_name like 'sluice%'`.execute(app.db.owner);
  return rows[0]?.count;
};

/** Nobody can read contacts until the function that is returned is called: a count that takes as long as we like. */
async function holdContacts(): Promise<() => Promise<void>> {
  const held = Promise.withResolvers<void>();
  const isHeld = Promise.withResolvers<void>();
  const holding = app.db.owner.transaction().execute(async (tx) => {
    await sql`lock table contacts in access exclusive mode`.execute(tx);
    isHeld.resolve();
    await held.promise;
  });
  await isHeld.promise;
  return async () => {
    held.resolve();
    await holding;
  };
}

/** What a workspace runs at a time on this machine. */
const atOnce = Math.min(2, coresForHeavy);

test("forty counts of one workspace take two connections at most, and others go on as if there were none", async () => {
  const [hostile, other] = [await app.ours.as("viewer"), await app.theirs.as("viewer")];
  const letGo = await holdContacts();
  const counts = Array.from({ length: 40 }, () => hostile.get("/api/contacts/count"));
  await expect.poll(waiting).toBe(atOnce);
  const [flows, session, api] = await Promise.all([other.get("/api/flows"), other.get("/api/session"), hostile.get("/api/flows")]);
  expect([flows.status, session.status, api.status]).toEqual([200, 200, 200]);
  expect(await waiting()).toBe(atOnce);
  await letGo();
  const answers = await Promise.all(counts);
  const refused = answers.filter(({ status }) => status === 429);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
  expect(refused[0]).toMatchObject({ body: { success: false, code: "workspace_busy" } });
  expect(refused[0]?.headers.get("retry-after")).toBe("3");
});

const everybody = { type: "filter", filter: { tests: [] }, excluded: [] };
const asksOfMany: [string, (client: Client, flowId: string) => Promise<Answer>][] = [
  ["a send", (client, flowId) => client.post("/api/sends", { flowId, selection: everybody, isTest: true })],
  [
    "a deletion of many",
    (client) => client.post("/api/bulk-jobs", { jobId: crypto.randomUUID(), selection: everybody, action: { type: "delete" } }),
  ],
  ["a file of a selection", (client) => client.post("/api/contacts/export", { selection: everybody })],
];

test.each(asksOfMany)("%s that chooses its contacts by a filter takes a place like a count, and others go on meanwhile", async (_, ask) => {
  const [hostile, other] = [await app.ours.as("editor"), await app.theirs.as("viewer")];
  const flowId = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), node("end")));
  await buildContact(app.db.owner, app.ours.workspaceId);
  const letGo = await holdContacts();
  const asked = Array.from({ length: 3 }, () => ask(hostile, flowId));
  await expect.poll(waiting).toBe(atOnce);
  // By then the third would have come as far as the two before it.
  for (let turn = 0; turn < 5; turn += 1) expect((await other.get("/api/flows")).status).toBe(200);
  expect(await waiting()).toBeLessThanOrEqual(atOnce);
  await letGo();
  for (const { status, body } of await Promise.all(asked)) expect([200, 202], JSON.stringify(body)).toContain(status);
});

test("one person with a workspace for each count leaves the connections and a statement to others", async () => {
  const owner = await app.ours.as("owner");
  const made = await Promise.all(
    Array.from({ length: 12 }, (_, index) => owner.post("/api/workspaces", { name: `Mine ${index}`, timeZone: "UTC", country: "US" })),
  );
  expect(new Set(made.map(({ status, body }) => `${status} ${status === 201 ? "" : JSON.stringify(body)}`))).toEqual(new Set(["201 "]));
  const other = await app.theirs.as("viewer");
  const letGo = await holdContacts();
  const counts = made.map(({ body }) => owner.with({ "x-workspace-id": body.id }).get("/api/contacts/count"));
  const ofOnePerson = Math.max(1, Math.min(coresForHeavy, 3));
  await expect.poll(waiting).toBe(ofOnePerson);
  const theirs = other.get("/api/contacts/count");
  await expect.poll(waiting).toBe(ofOnePerson + 1);
  expect((await other.get("/api/flows")).status).toBe(200);
  await letGo();
  expect((await theirs).status).toBe(200);
  expect(new Set((await Promise.all(counts)).map(({ status }) => status))).toEqual(new Set([200]));
});

test("a count whose caller goes away ends in the database, and leaves its place", async () => {
  const viewer = await app.ours.as("viewer");
  const letGo = await holdContacts();
  const caller = new AbortController();
  const counts = Array.from({ length: atOnce }, () => viewer.get("/api/contacts/count", { signal: caller.signal }).catch(() => undefined));
  await expect.poll(waiting).toBe(atOnce);
  caller.abort();
  await Promise.all(counts);
  await expect.poll(waiting).toBe(0);
  await letGo();
  await sleep(0);
  expect((await viewer.get("/api/contacts/count")).status).toBe(200);
  expect(app.logged.filter((line) => line.includes("mistake of ours"))).toEqual([]);
});

test("a statement of a heavy route takes one core, however many the database would give it; others are as they were", async () => {
  const ask = {
    method: "GET",
    tag: "Test",
    summary: "How many processes",
    auth: member("viewer", null),
    response: z.object({ more: z.number() }),
  } as const;
  const routes = { light: defineRoute({ ...ask, path: "/api/light" }), heavy: defineRoute({ ...ask, path: "/api/heavy", heavy: true }) };
  const handle = async (given: object) => {
    const { db } = given as MemberCall<typeof routes.light>;
    const { rows } = await sql<{ more: number }>`select current_setting('max_parallel_workers_per_gather')::int as more`.execute(db);
    return rows[0];
  };
  const one = express();
  const handlers = { light: handle, heavy: handle };
  mountRoutes(one, routes as unknown as Record<string, Route>, handlers, {
    resources: app.resources,
    checkResponses: true,
    isClaimed: async () => true,
  });
  const server = createServer(one);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = createClient(url, { cookie: (await app.ours.as("viewer")).headers.cookie as string });
    expect((await client.get("/api/heavy")).body).toEqual({ more: 0 });
    expect((await client.get("/api/light")).body.more).toBeGreaterThan(0);
  } finally {
    server.close();
  }
});
