import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import pino from "pino";
import { expect, test } from "vitest";
import type { Selection } from "#contract/contacts.ts";
import { createDb } from "#db/client.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpTestDb } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { fakeProvider } from "#test/fake-provider.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import { createGraphileDriver } from "../drivers/graphile.ts";
import { createEngine } from "../engine.ts";

setUpTestDb();

/** The connections of the engine under test say who they are, the driver's too. */
const applicationName = "deadlock-workers";
const workersUrl = () => {
  const url = new URL(db.ownerUrl);
  url.searchParams.set("application_name", applicationName);
  return url.toString();
};

/**
 * Postgres counts deadlocks per database. A backend reports its own when it ends, so the count is complete once those that
 * did the work are gone.
 */
async function countDeadlocks(): Promise<number> {
  const working = async () =>
    (
      await sql`select pid from pg_stat_activity where datname = current_database() and application_name = ${applicationName}`.execute(
        db.owner,
      )
    ).rows;
  await expect.poll(working).toEqual([]);
  const { rows } = await sql<{ deadlocks: number }>`
    select deadlocks::int from pg_stat_database where datname = current_database()`.execute(db.owner);
  return rows[0]?.deadlocks ?? 0;
}

/** An engine with workers of its own. `stop` answers what it warned of. */
async function startWorkers(maxConnections: number) {
  const problems: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void problems.push(line) });
  const connections = createDb(workersUrl(), { maxConnections, applicationName });
  const driver = createGraphileDriver({ connectionString: workersUrl(), log });
  const engine = createEngine({
    db: connections,
    nodes: nodeRegistry,
    providerFor: async (_, channel) => fakeProvider(channel),
    driver,
    log,
    workSizes: { enrollPage: 10, smallestChunk: 20, largestChunk: 20, mostLanes: 4 },
  });
  await engine.start();
  const stop = async () => {
    await engine.stop();
    await connections.destroy();
    return problems.filter((line) => line.includes("40P01") || line.includes("deadlock"));
  };
  return { engine, stop };
}

const countOpenSends = async (workspaceId: string): Promise<number> => {
  const { many } = await db.owner
    .selectFrom("flow_sends")
    .select(({ fn }) => fn.countAll<string>().as("many"))
    .where("workspace_id", "=", workspaceId)
    .where("ended_at", "is", null)
    .executeTakeFirstOrThrow();
  return Number(many);
};

test("twenty sends that are enrolled in small pages while four lanes work on them never deadlock", async () => {
  const { engine, stop } = await startWorkers(12);
  const workspaceId = await buildWorkspace(db.owner);
  await buildContacts(db.owner, workspaceId, 200);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), email(), node("end")));
  for (let i = 0; i < 20; i += 1) {
    const selection: Selection = { type: "filter", filter: { tests: [] }, excluded: [] };
    await engine.createSend(sendTo(workspaceId, flowId, [], { selection }));
  }
  await expect.poll(() => countOpenSends(workspaceId), { interval: 250 }).toBe(0);
  expect(await stop()).toEqual([]);
  expect(await countDeadlocks()).toBe(0);
});

test("twenty requests of one send at the same moment, while workers carry it out, never deadlock, and all are answered", async () => {
  const before = await countDeadlocks();
  const { engine, stop } = await startWorkers(24);
  const workspaceId = await buildWorkspace(db.owner);
  const ids = await buildContacts(db.owner, workspaceId, 3);
  const refused: unknown[] = [];
  for (let round = 0; round < 8; round += 1) {
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
    const sendId = randomUUID();
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, () => engine.createSend(sendTo(workspaceId, flowId, ids, { sendId }))),
    );
    refused.push(...answers.flatMap((answer) => (answer.status === "rejected" ? [String(answer.reason)] : [])));
    const made = answers.filter((answer) => answer.status === "fulfilled" && answer.value.created);
    expect(made).toHaveLength(1);
  }
  await expect.poll(() => countOpenSends(workspaceId), { interval: 100 }).toBe(0);
  expect(refused).toEqual([]);
  expect(await stop()).toEqual([]);
  expect(await countDeadlocks()).toBe(before);
});
