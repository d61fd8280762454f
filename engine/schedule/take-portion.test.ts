import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createDb } from "#db/client.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { sendTo, silentLog } from "#test/engine.ts";
import { db, setUpTestDb } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { databaseClock } from "../base/clock.ts";
import { createGraphileDriver } from "../drivers/graphile.ts";
import { createEngine } from "../engine.ts";
import type { Turn } from "./turn-rows.ts";
import { giveBack, takePortion } from "./turn-rows.ts";

setUpTestDb();

test("of many who take at the same time only one has a lane at a time, also in the moment in which it is given back", async () => {
  const workspaceId = await buildWorkspace(db.owner);
  await buildContacts(db.owner, workspaceId, 60);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
  const driver = createGraphileDriver({ connectionString: db.ownerUrl, log: silentLog });
  const engine = createEngine({
    db: db.owner,
    nodes: nodeRegistry,
    providerFor: () => Promise.reject(new Error("Nobody works.")),
    driver,
    log: silentLog,
  });
  await engine.prepare();
  const contacts = await db.owner.selectFrom("contacts").select("id").where("workspace_id", "=", workspaceId).execute();
  await engine.createSend(
    sendTo(
      workspaceId,
      flowId,
      contacts.map(({ id }) => id),
    ),
  );

  const wide = createDb(db.ownerUrl, { maxConnections: 12 });
  let holders = 0;
  let taken = 0;
  let together = 0;
  async function takeAgainAndAgain(): Promise<void> {
    while (taken < 300) {
      const turn: Turn = { id: randomUUID(), workspaceId, workerId: randomUUID(), quick: false };
      const { lanes } = await takePortion(wide, turn, databaseClock);
      const [lane] = lanes;
      if (!lane) continue;
      taken += 1;
      holders += 1;
      if (holders > 1) together += 1;
      const place = { sendId: lane.send_id, lane: lane.lane, from: lane.from_seq, upto: lane.upto_seq, delayMs: 0, tries: 0, failures: 0 };
      await sleep(1);
      // Not the hold any more from the moment in which it may be another's.
      holders -= 1;
      await giveBack(wide, turn, { lanes: [place], wakeUps: [], delayMs: 0 }, databaseClock);
    }
  }
  await Promise.all(Array.from({ length: 10 }, takeAgainAndAgain));
  await wide.destroy();
  expect(together).toBe(0);
});
