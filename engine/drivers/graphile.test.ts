import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { silentLog } from "#test/engine.ts";
import { db, setUpTestDb } from "#test/engine-fixture.ts";
import { startOutageProxy } from "#test/outage-proxy.ts";
import type { QueuedJob } from "../jobs/driver.ts";
import { createGraphileDriver } from "./graphile.ts";

setUpTestDb();

const job = (sendId: string): QueuedJob => ({ kind: "finish_stopped_send", sendId, from: 0, priority: 0 });

// A rejection that nobody handles fails the whole run of the tests, as it ends the product.
test.each(["ends", "fails"])("a job that %s while the database is away ends nobody else, and work goes on by itself", async (how) => {
  const way = await startOutageProxy(db.ownerUrl);
  const driver = createGraphileDriver({ connectionString: way.url, log: silentLog, concurrency: 2 });
  await driver.prepare();
  const begun: string[] = [];
  let finish = () => {};
  const inHand = new Promise<void>((resolve) => (finish = resolve));
  await driver.start({
    async run(given) {
      if (given.kind !== "finish_stopped_send") throw new Error("Nobody asked for this job.");
      begun.push(given.sendId);
      if (given.sendId === "after") return;
      await inHand;
      if (how === "fails" && begun.length === 1) throw new Error("It could not be done.");
    },
    wakeDue: async () => {},
    checkWorkers: async () => {},
    drainCalls: async () => {},
    beat: async () => {},
    signOff: async () => {},
  });
  await driver.wake(db.owner, [job("in hand")]);
  await expect.poll(() => begun).toEqual(["in hand"]);
  await way.cut();
  finish();
  await sleep(1_000);
  await way.restore();
  await driver.wake(db.owner, [job("after")]);
  await expect.poll(() => begun).toContain("after");
  await driver.stop();
  await way.cut();
});
