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

/** Postgres counts deadlocks per database; a backend reports its own within a second. */
async function countDeadlocks(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const { rows } = await sql<{ deadlocks: number }>`
    select deadlocks::int from pg_stat_database where datname = current_database()`.execute(db.owner);
  return rows[0]?.deadlocks ?? 0;
}

test("twenty sends that are enrolled in small pages while four lanes work on them never deadlock", async () => {
  const problems: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void problems.push(line) });
  const connections = createDb(db.ownerUrl, { maxConnections: 12 });
  const driver = createGraphileDriver({ connectionString: db.ownerUrl, log });
  const engine = createEngine({
    db: connections,
    nodes: nodeRegistry,
    providerFor: async (_, channel) => fakeProvider(channel),
    driver,
    log,
    workSizes: { enrollPage: 10, chunk: 20, lanesOfLargeSend: 4 },
  });
  await engine.start();
  const workspaceId = await buildWorkspace(db.owner);
  await buildContacts(db.owner, workspaceId, 200);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), email(), node("end")));
  for (let i = 0; i < 20; i += 1) {
    const selection: Selection = { type: "filter", filter: { tests: [] }, excluded: [] };
    await engine.createSend(sendTo(workspaceId, flowId, [], { selection }));
  }
  const open = () =>
    db.owner
      .selectFrom("flow_sends")
      .select(({ fn }) => fn.countAll<string>().as("many"))
      .where("workspace_id", "=", workspaceId)
      .where("ended_at", "is", null)
      .executeTakeFirstOrThrow();
  await expect.poll(async () => Number((await open()).many), { timeout: 90_000, interval: 250 }).toBe(0);
  await engine.stop();
  await connections.destroy();
  expect(await countDeadlocks()).toBe(0);
  expect(problems.filter((line) => line.includes("40P01") || line.includes("deadlock"))).toEqual([]);
}, 120_000);
