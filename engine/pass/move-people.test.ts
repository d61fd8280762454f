import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { PeopleMove } from "#contract/flow-publish.ts";
import type { FlowGraph } from "#contract/flows.ts";
import type { TestEngine } from "#test/engine.ts";
import { freeTheDead, sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpWorkspace, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { chain, graph, node, sms, wait } from "#test/graphs.ts";
import { publishGraph } from "#test/publish.ts";
import type { BreakPoint } from "../base/break-point.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";

setUpWorkspace();

const hour = 3600;
const before = chain(node("start"), wait(hour), sms("two", {}, "two"), wait(hour, "second"), sms("three", {}, "three"));
const withoutDelay = chain(node("start"), sms("two", {}, "two"), wait(hour, "second"), sms("new three", {}, "three"));
const withoutMessage = chain(node("start"), wait(hour, "second"), sms("new three", {}, "three"));

const texts = ({ providers }: TestEngine) => providers.sms.calls.filter((call) => call.workspaceId === workspaceId).map(({ text }) => text);
const publish = (engine: TestEngine, flowId: string, next: FlowGraph, ...moves: PeopleMove[]) =>
  publishGraph(db.owner, engine, { workspaceId, flowId, graph: next, moves });
const executions = () =>
  db.owner.selectFrom("flow_executions").selectAll().where("workspace_id", "=", workspaceId).orderBy("seq").execute();
const moves = () => db.owner.selectFrom("flow_execution_moves").selectAll().where("workspace_id", "=", workspaceId).execute();
const another = (first: TestEngine) => startTestEngine(db.owner, { providerFor: async (_, channel) => first.providers[channel] });

async function inside(engine: TestEngine, people: number, flow: FlowGraph = before): Promise<string> {
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  await engine.engine.createSend(sendTo(workspaceId, flowId, await buildContacts(db.owner, workspaceId, people)));
  await engine.run();
  return flowId;
}

/** Leaves everything as it is at the `nth` time this point is passed, as SIGKILL would. */
function crashAt(point: BreakPoint, nth = 1): void {
  let passed = 0;
  onBreakPoint((name) => {
    if (name !== point) return;
    passed += 1;
    if (passed >= nth) throw new SimulatedCrash(point);
  });
}
const untilCrash = (work: Promise<unknown>) => work.catch((error) => expect(error).toBeInstanceOf(SimulatedCrash));

describe.each(["flow-published", "people-moving", "people-moved"] as const)("a process killed at %s", (point) => {
  test.each([1, 2, 3])("for the %ith time moves nobody twice and leaves nobody behind", async (nth) => {
    const first = await startTestEngine(db.owner, { workSizes: { movePortion: 10 } });
    const flowId = await inside(first, 35);
    crashAt(point, nth);
    await untilCrash(publish(first, flowId, withoutDelay, { nodeId: "delay", action: "node", toNodeId: "two" }).then(() => first.run()));
    onBreakPoint(undefined);
    const heir = await another(first);
    await freeTheDead(db.owner, first);
    await heir.run();
    expect(await moves()).toHaveLength(35);
    for (const seconds of [601, 601, hour, 601]) await heir.wait(seconds);
    expect(texts(first).sort()).toEqual([...Array(35).fill("new three"), ...Array(35).fill("two")]);
    const { people, moves_ended_at } = await db.owner
      .selectFrom("flow_publications")
      .selectAll()
      .where("flow_id", "=", flowId)
      .executeTakeFirstOrThrow();
    expect(people).toBe(35);
    expect(moves_ended_at).not.toBeNull();
  });
});

describe.each([
  ["are moved to another step", { nodeId: "delay", action: "node", toNodeId: "second" }],
  ["are taken out", { nodeId: "delay", action: "leave" }],
  ["stay", { nodeId: "delay", action: "stay" }],
] as [string, PeopleMove][])("while a message is on its way to somebody whose step is removed and who %s", (_what, move) => {
  /** Somebody's message is at the provider when the flow is published and everybody else is moved. */
  async function publishMeanwhile(): Promise<TestEngine> {
    const first = await startTestEngine(db.owner);
    const flowId = await inside(first, 1);
    first.driver.clock.forward((hour + 1) * 1000);
    const second = await another(first);
    second.driver.clock.forward((hour + 1) * 1000);
    first.providers.sms.answer(
      async ({ id }) => {
        await publish(second, flowId, withoutMessage, move, { nodeId: "two", action: "leave" });
        await second.run();
        return { outcome: "accepted", providerMessageId: id };
      },
      { outcome: "accepted", providerMessageId: "later" },
    );
    await first.run();
    return first;
  }

  test("it leaves once, and they go on behind it", async () => {
    const first = await publishMeanwhile();
    expect(texts(first)).toEqual(["two"]);
    // The job looks again for whoever was in a worker's hands.
    for (let i = 0; i < 12; i += 1) await first.wait(1);
    for (let i = 0; i < 3; i += 1) await first.wait(hour);
    // Behind the message they stood at the second wait, for which nothing was chosen: what is ahead of it has changed, so they stay.
    expect(texts(first)).toEqual(["two", "three"]);
    expect(await executions()).toMatchObject([{ status: "completed" }]);
    expect(await db.owner.selectFrom("messages").select("status").where("workspace_id", "=", workspaceId).execute()).toEqual([
      { status: "sent" },
      { status: "sent" },
    ]);
  });
});

test("a message that a dead worker left in doubt is decided before its contact is moved on", async () => {
  const first = await startTestEngine(db.owner);
  const flowId = await inside(first, 1);
  crashAt("provider-answered");
  await untilCrash(first.wait(hour + 1));
  onBreakPoint(undefined);
  const heir = await another(first);
  heir.driver.clock.forward((hour + 1) * 1000);
  await publish(heir, flowId, chain(...withoutDelay.nodes.map((one) => (one.id === "three" ? sms("new three", {}, "three") : one))), {
    nodeId: "delay",
    action: "leave",
  });
  await heir.run();
  expect(await moves()).toEqual([]);
  await freeTheDead(db.owner, first);
  for (let i = 0; i < 5; i += 1) await heir.wait(121);
  // The message may have left, so it is held, and they did not leave before it.
  expect(texts(first)).toEqual(["two"]);
  const [message] = await db.owner.selectFrom("messages").select("status").where("workspace_id", "=", workspaceId).execute();
  expect(message).toEqual({ status: "unknown" });
});

test("who waits for another flow is moved when that flow has ended, by what was decided for the step behind", async () => {
  const { engine, ...first } = await startTestEngine(db.owner);
  const child = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(hour)));
  const call = node("start_flow", { flowId: child, wait: true, waitDays: 30 });
  const parent = graph([node("start"), call, sms("old")], "start > start_flow", "start_flow:finished > sms");
  const flowId = await inside({ engine, ...first }, 1, parent);
  const next = graph([node("start"), call, sms("new")], "start > start_flow", "start_flow:finished > sms");
  const { people } = await publish(
    { engine, ...first },
    flowId,
    next,
    { nodeId: "start_flow", action: "follow" },
    { nodeId: "sms", action: "follow" },
  );
  expect(people).toMatchObject({ following: 1, inFlight: 1 });
  await first.run();
  expect(await moves()).toEqual([]);
  await first.wait(hour + 1);
  await first.wait(1);
  expect(texts({ engine, ...first })).toEqual(["new"]);
  expect(await moves()).toMatchObject([{ from_node_id: "sms", action: "follow" }]);
});

test("two workers that move the same people at the same time move each once, beside workers that lead them on", async () => {
  const first = await startTestEngine(db.owner, { workSizes: { movePortion: 20 } });
  const flowId = await inside(first, 120);
  const second = await another(first);
  for (const { driver } of [first, second]) driver.clock.forward((hour - 1) * 1000);
  await publish(first, flowId, withoutDelay, { nodeId: "delay", action: "node", toNodeId: "two" });
  const { rows } = await sql<{ id: string }>`select id from flow_publications where flow_id = ${flowId}`.execute(db.owner);
  await second.driver.wake(db.owner, [{ kind: "move", publicationId: rows[0]?.id ?? "", version: 0, after: null, sweep: 0, priority: 0 }]);
  for (const { driver } of [first, second]) driver.clock.forward(2_000);
  for (let i = 0; i < 4; i += 1) {
    await Promise.all([first.run(), second.run()]);
    for (const { driver } of [first, second]) driver.clock.forward(hour * 1000);
  }
  await Promise.all([first.run(), second.run()]);
  const sent = [...texts(first)].sort();
  expect(sent).toEqual([...Array(120).fill("new three"), ...Array(120).fill("two")]);
  expect(await moves()).toHaveLength(120);
});

test("a message that waits for another try is dropped where its contact is moved away, and tried with the new text where they follow", async () => {
  const first = await startTestEngine(db.owner);
  const contacts = [await buildContact(db.owner, workspaceId), await buildContact(db.owner, workspaceId)];
  first.providers.sms.answer({ outcome: "rejected", reason: "provider_unavailable", message: "Busy", retryable: true });
  const flow = chain(node("start"), sms("old"), node("end"));
  const [follows, away] = [await buildFlow(db.owner, workspaceId, flow), await buildFlow(db.owner, workspaceId, flow)];
  await first.engine.createSend(sendTo(workspaceId, follows, contacts.slice(0, 1)));
  await first.engine.createSend(sendTo(workspaceId, away, contacts.slice(1)));
  await first.run();
  first.providers.sms.answer({ outcome: "accepted", providerMessageId: "id" });
  await publish(first, follows, chain(node("start"), sms("new"), node("end")), { nodeId: "sms", action: "follow" });
  await publish(first, away, chain(node("start"), node("end")), { nodeId: "sms", action: "node", toNodeId: "end" });
  await first.run();
  for (let i = 0; i < 12; i += 1) await first.wait(61);
  expect(texts(first).slice(2)).toEqual(["new"]);
  expect(await executions()).toMatchObject([
    { status: "completed", reached: true },
    { status: "completed", missed: ["sms:moved_by_publish"] },
  ]);
});

test.each(["people-moving", "people-moved"] as const)(
  "who is cancelled while they are moved (%s) ends once and gets nothing more; the others go on",
  async (point) => {
    const first = await startTestEngine(db.owner);
    const flowId = await inside(first, 10);
    const ids = (await executions()).map(({ id }) => id);
    const second = await another(first);
    let cancelling: Promise<unknown> | undefined;
    onBreakPoint((name) => {
      if (name !== point) return;
      cancelling ??= Promise.all(ids.slice(0, 5).map((executionId) => second.engine.cancelExecution({ workspaceId, executionId })));
    });
    await publish(first, flowId, withoutDelay, { nodeId: "delay", action: "node", toNodeId: "two" });
    await first.run();
    await cancelling;
    onBreakPoint(undefined);
    for (const seconds of [601, 601, hour, 601]) await first.wait(seconds);
    const ended = (await executions()).map(({ id, status }) => [ids.indexOf(id) < 5, status].join(" "));
    expect(ended.sort()).toEqual([...Array(5).fill("false completed"), ...Array(5).fill("true cancelled")]);
    expect(texts(first).sort()).toEqual([...Array(5).fill("new three"), ...Array(5).fill("two")]);
  },
);

test("people who are moved to and fro by publications come to rest, and get each message once", async () => {
  const first = await startTestEngine(db.owner);
  const flowId = await inside(first, 5);
  for (let round = 1; round <= 4; round += 1) {
    await publish(first, flowId, withoutDelay, { nodeId: "delay", action: "node", toNodeId: "second" });
    await first.run();
    await publish(first, flowId, before, { nodeId: "second", action: "node", toNodeId: "delay" });
    await first.run();
  }
  expect(await moves()).toHaveLength(5 * 8);
  for (const seconds of [hour, 601, hour, 601, hour, 601]) await first.wait(seconds);
  expect((await executions()).map(({ status }) => status)).toEqual(Array(5).fill("completed"));
  expect(texts(first).sort()).toEqual([...Array(5).fill("three"), ...Array(5).fill("two")]);
});
