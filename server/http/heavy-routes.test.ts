import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";

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

test("forty counts of one workspace take two connections, and others go on as if there were none", async () => {
  const [hostile, other] = [await app.ours.as("viewer"), await app.theirs.as("viewer")];
  const held = Promise.withResolvers<void>();
  const isHeld = Promise.withResolvers<void>();
  // Nobody can read contacts meanwhile: a count that takes as long as we like.
  const holding = app.db.owner.transaction().execute(async (tx) => {
    await sql`lock table contacts in access exclusive mode`.execute(tx);
    isHeld.resolve();
    await held.promise;
  });
  await isHeld.promise;
  const counts = Array.from({ length: 40 }, () => hostile.get("/api/contacts/count"));
  await expect.poll(waiting).toBe(2);
  const [flows, session, api] = await Promise.all([other.get("/api/flows"), other.get("/api/session"), hostile.get("/api/flows")]);
  expect([flows.status, session.status, api.status]).toEqual([200, 200, 200]);
  expect(await waiting()).toBe(2);
  held.resolve();
  await holding;
  const answers = await Promise.all(counts);
  const refused = answers.filter(({ status }) => status === 429);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
  expect(refused[0]).toMatchObject({ body: { success: false, code: "workspace_busy" } });
  expect(refused[0]?.headers.get("retry-after")).toBe("3");
});

test("a count whose caller goes away ends in the database, and leaves its place", async () => {
  const viewer = await app.ours.as("viewer");
  const held = Promise.withResolvers<void>();
  const isHeld = Promise.withResolvers<void>();
  const holding = app.db.owner.transaction().execute(async (tx) => {
    await sql`lock table contacts in access exclusive mode`.execute(tx);
    isHeld.resolve();
    await held.promise;
  });
  await isHeld.promise;
  const caller = new AbortController();
  const counts = [1, 2].map(() => viewer.get("/api/contacts/count", { signal: caller.signal }).catch(() => undefined));
  await expect.poll(waiting).toBe(2);
  caller.abort();
  await Promise.all(counts);
  await expect.poll(waiting).toBe(0);
  held.resolve();
  await holding;
  await sleep(0);
  expect((await viewer.get("/api/contacts/count")).status).toBe(200);
  expect(app.logged.filter((line) => line.includes("mistake of ours"))).toEqual([]);
});
