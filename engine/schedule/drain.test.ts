import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { nodeRegistry } from "#nodes/registry.ts";
import { sendTo, silentLog } from "#test/engine.ts";
import { db, setUpTestDb } from "#test/engine-fixture.ts";
import { buildContact, buildFlow, buildWorkspace } from "#test/factories.ts";
import { fakeProvider } from "#test/fake-provider.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { expectTotalsToAddUp } from "#test/totals.ts";
import { createGraphileDriver } from "../drivers/graphile.ts";
import { createEngine } from "../engine.ts";
import { deadAfterSeconds } from "./worker-rows.ts";

setUpTestDb();

test("a worker that is told to end while a provider is slow finishes, and is not taken for dead meanwhile", async () => {
  const slow = fakeProvider("sms");
  slow.answer(async () => {
    await sleep((deadAfterSeconds + 3) * 1_000);
    return { outcome: "accepted", providerMessageId: "slow" };
  });
  const workerOn = () =>
    createEngine({
      db: db.owner,
      nodes: nodeRegistry,
      providerFor: async () => slow,
      log: silentLog,
      driver: createGraphileDriver({ connectionString: db.ownerUrl, log: silentLog }),
    });
  const [leaving, staying] = [workerOn(), workerOn()];
  await leaving.start();
  const workspaceId = await buildWorkspace(db.owner);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
  const { sendId } = await leaving.createSend(sendTo(workspaceId, flowId, [await buildContact(db.owner, workspaceId)]));
  await expect.poll(() => slow.calls.length).toBe(1);
  expect(leaving.isWorking()).toBe(true);

  const left = leaving.stop();
  await staying.start();
  await sleep((deadAfterSeconds + 1) * 1_000);
  expect(await db.owner.selectFrom("private.workers").select("id").execute()).toHaveLength(2);
  expect(await db.owner.selectFrom("private.turns").select("id").execute(), "its hold on the work").toHaveLength(1);
  await left;
  expect(leaving.isWorking()).toBe(false);
  expect(await db.owner.selectFrom("private.workers").select("id").execute()).toHaveLength(1);
  const send = await db.owner.selectFrom("flow_sends").selectAll().where("id", "=", sendId).executeTakeFirstOrThrow();
  expect([send.state, send.completed, slow.calls.length]).toEqual(["done", 1, 1]);
  await staying.stop();
  await expectTotalsToAddUp(db.owner);
});
