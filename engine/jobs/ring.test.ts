import { expect, test } from "vitest";
import { sendTo } from "#test/engine.ts";
import { db, sluice as engine, setUpEngine, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";

setUpEngine();

const actor = { id: null, name: "Test" };

async function sendToThree(options: { undoSeconds?: number } = {}): Promise<{ workspaceId: string; sendId: string; actor: typeof actor }> {
  const ids = await buildContacts(db.owner, workspaceId, 3);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
  const { sendId } = await engine.engine.createSend(sendTo(workspaceId, flowId, ids, options));
  return { workspaceId, sendId, actor };
}

/** The process dies between the commit of a command and the hand-over of its turns. */
async function dieBeforeRing(command: () => Promise<unknown>): Promise<void> {
  onBreakPoint((point) => {
    if (point === "before-ring") throw new SimulatedCrash();
  });
  await expect(command()).rejects.toThrow(SimulatedCrash);
  onBreakPoint(undefined);
}

test("a send whose process dies before its turn was handed over is found by the next look", async () => {
  await dieBeforeRing(() => sendToThree());
  await engine.run();
  expect(engine.providers.sms.calls).toHaveLength(3);
});

test("a send that was resumed by a process that died then is found by the next look", async () => {
  const send = await sendToThree();
  await engine.engine.pauseSend(send);
  await engine.run();
  expect(engine.providers.sms.calls).toHaveLength(0);
  await dieBeforeRing(() => engine.engine.resumeSend(send));
  await engine.run();
  expect(engine.providers.sms.calls).toHaveLength(3);
});

test("executions that were retried by a process that died then are found by the next look", async () => {
  engine.providers.sms.answer(() => ({ outcome: "rejected", reason: "provider_rejected", message: "no", retryable: false }));
  const send = await sendToThree();
  await engine.run();
  const failed = engine.providers.sms.calls.length;
  engine.providers.sms.answer(() => ({ outcome: "accepted", providerMessageId: "x" }));
  await dieBeforeRing(() => engine.engine.retry(send));
  await engine.run();
  expect(engine.providers.sms.calls).toHaveLength(failed + 3);
});

test("a send whose drip was changed by a process that died then is found by the next look", async () => {
  const send = await sendToThree();
  await engine.engine.pauseSend(send);
  await engine.run();
  await engine.engine.resumeSend(send);
  await dieBeforeRing(() => engine.engine.rescheduleSend({ ...send, patch: { drip: null } }));
  await engine.run();
  expect(engine.providers.sms.calls).toHaveLength(3);
});

test("a command stands when its turns cannot be handed over", async () => {
  const send = await sendToThree();
  await engine.engine.pauseSend(send);
  await engine.run();
  const { wake } = engine.driver;
  engine.driver.wake = () => Promise.reject(new Error("The database went away."));
  await engine.engine.resumeSend(send);
  engine.driver.wake = wake;
  await engine.run();
  expect(engine.providers.sms.calls).toHaveLength(3);
});
