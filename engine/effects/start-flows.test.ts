import { describe, expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { eraseAtOnce, freeTheDead, sendTo } from "#test/engine.ts";
import { db, sluice as engine, restartEngine, setUpEngine, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, graph, node, sms, wait } from "#test/graphs.ts";
import type { BreakPoint } from "../base/break-point.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";

setUpEngine();

const actor = { id: null, name: "Somebody" };
const starter = (flowId: string, config: Record<string, unknown> = {}) => node("start_flow", { flowId, ...config });
const parentOf = (flowId: string, config: Record<string, unknown> = {}, ...more: string[]): FlowGraph =>
  graph(
    [node("start"), starter(flowId, config), sms("after", {}, "after"), sms("otherwise", {}, "otherwise")],
    ...["start > start_flow", `start_flow:${config.wait ? "finished" : "started"} > after`, "start_flow:failed > otherwise", ...more],
  );
const send = async (flow: string, ids: string[], more = {}) => {
  const { sendId } = await engine.engine.createSend(sendTo(workspaceId, flow, ids, more));
  return sendId;
};
const texts = () => engine.providers.sms.calls.map(({ text }) => text);
const executionsOf = (flow: string) =>
  db.owner.selectFrom("flow_executions").selectAll().where("flow_id", "=", flow).orderBy("id").execute();
const sends = () => db.owner.selectFrom("flow_sends").selectAll().where("workspace_id", "=", workspaceId).orderBy("id").execute();
const stepsOf = (executionId: string) =>
  db.owner
    .selectFrom("flow_execution_steps")
    .selectAll()
    .where("flow_execution_id", "=", executionId)
    .orderBy("visit")
    .orderBy("attempt")
    .execute();

test("starts the other flow for the same contact, with what is handed over, and goes on at once", async () => {
  const child = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(60), sms("{{ trigger.greeting }}")));
  const parent = await buildFlow(db.owner, workspaceId, parentOf(child, { values: [{ name: "greeting", value: "Dear {{ firstname }}" }] }));
  const sendId = await send(parent, [await buildContact(db.owner, workspaceId)], { triggerData: { greeting: "not this" } });
  await engine.run();
  expect(texts()).toEqual(["after"]);
  const [above] = await executionsOf(parent);
  expect(await executionsOf(child)).toMatchObject([
    { source: "flow", parent_execution_id: above?.id, parent_visit: 2, depth: 1, contact_id: above?.contact_id, status: "running" },
  ]);
  expect(await sends()).toMatchObject([
    { id: sendId },
    { source: "flow", parent_send_id: sendId, selection: { type: "started_by_flow" }, enrolled: 1, expected: 1, state: "running" },
  ]);
  await engine.wait(61);
  expect(texts()).toEqual(["after", "Dear Ada"]);
  expect((await sends()).map(({ state }) => state)).toEqual(["done", "done"]);
});

test("a message that leaves in the same pass before a flow that is waited for is counted, once", async () => {
  const child = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(60)));
  const flow = graph(
    [node("start"), sms("before"), starter(child, { wait: true }), sms("after", {}, "after")],
    ...["start > sms", "sms > start_flow", "start_flow:finished > after"],
  );
  const sendId = await send(await buildFlow(db.owner, workspaceId, flow), [await buildContact(db.owner, workspaceId)]);
  await engine.run();
  expect((await sends()).find(({ id }) => id === sendId)).toMatchObject({ reached: 1, state: "running" });
  await engine.wait(61);
  expect(texts()).toEqual(["before", "after"]);
  const counted = await db.owner.selectFrom("send_message_counts").select(["outcome", "count"]).where("send_id", "=", sendId).execute();
  expect(counted).toEqual([{ outcome: "sent", count: 2 }]);
});

test("five hundred start five hundred in one send of a few statements", async () => {
  const child = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("child")));
  const parent = await buildFlow(db.owner, workspaceId, parentOf(child));
  await send(parent, await buildContacts(db.owner, workspaceId, 500));
  await engine.run();
  await engine.run();
  expect(await executionsOf(child)).toHaveLength(500);
  expect(await sends()).toMatchObject([{ completed: 500 }, { completed: 500, enrolled: 500, state: "done" }]);
});

test("waits for the end of the other flow, and goes on at once when it has come", async () => {
  const child = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(3600), sms("child")));
  const parent = await buildFlow(db.owner, workspaceId, parentOf(child, { wait: true }));
  await send(parent, [await buildContact(db.owner, workspaceId)]);
  await engine.run();
  expect(await executionsOf(parent)).toMatchObject([{ status: "running", waiting_for: "child" }]);
  await engine.wait(1800);
  expect(texts()).toEqual([]);
  await engine.wait(1801);
  expect(texts()).toEqual(["child", "after"]);
  const [above] = await executionsOf(parent);
  expect(above).toMatchObject({ status: "completed" });
  expect(await stepsOf(above?.id as string)).toMatchObject([
    {},
    { node_type: "start_flow", exit: "finished", status: "completed", result: { status: "completed", flow_id: child } },
    {},
  ]);
});

test("waits no longer than it may", async () => {
  const child = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(30 * 86_400), sms("child")));
  const parent = await buildFlow(db.owner, workspaceId, parentOf(child, { wait: true, waitDays: 1 }));
  await send(parent, [await buildContact(db.owner, workspaceId)]);
  await engine.run();
  await engine.wait(86_401);
  expect(texts()).toEqual(["otherwise"]);
  expect(await executionsOf(parent)).toMatchObject([{ status: "partial_failure", ended_reason: "child_timeout" }]);
  expect(await executionsOf(child)).toMatchObject([{ status: "running" }]);
});

test("whom the other flow lets in again only by its rule is not allowed, and goes on by that exit", async () => {
  const once = node("start", { reEntry: { rule: "once" } });
  const child = await buildFlow(db.owner, workspaceId, chain(once, sms("child")));
  const parent = await buildFlow(db.owner, workspaceId, {
    ...parentOf(child),
    edges: parentOf(child, {}, "start_flow:not_allowed > otherwise").edges,
  });
  const [a, b] = (await buildContacts(db.owner, workspaceId, 2)) as [string, string];
  await send(child, [a]);
  await engine.run();
  await send(parent, [a, b]);
  await engine.run();
  expect(texts().sort()).toEqual(["after", "child", "child", "otherwise"]);
  const refused = (await executionsOf(parent)).find(({ contact_id }) => contact_id === a);
  expect((await stepsOf(refused?.id as string))[1]).toMatchObject({ status: "skipped", exit: "not_allowed", reason: "was_here_recently" });
  expect(await executionsOf(child)).toHaveLength(2);
});

test("a flow that is gone, broken or of another workspace is a failure of the step, not of the send", async () => {
  const other = await buildWorkspace(db.owner);
  const foreign = await buildFlow(db.owner, other, chain(node("start"), sms("foreign")));
  const broken = await buildFlow(db.owner, workspaceId, chain(node("start"), node("send_sms", { text: "" })));
  for (const [flow, reason] of [
    [foreign, "flow_not_found"],
    ["00000000-0000-4000-8000-00000000dead", "flow_not_found"],
    [broken, "flow_invalid"],
  ] as const) {
    const parent = await buildFlow(db.owner, workspaceId, parentOf(flow));
    await send(parent, [await buildContact(db.owner, workspaceId)]);
    await engine.run();
    expect(await executionsOf(parent)).toMatchObject([{ status: "partial_failure", ended_reason: reason }]);
  }
  expect(texts()).toEqual(["otherwise", "otherwise", "otherwise"]);
  expect(await executionsOf(foreign)).toEqual([]);
});

test("a flow that starts itself over and over ends at the fifth below the first, and says why", async () => {
  const flow = await buildFlow(db.owner, workspaceId, chain(node("start"), sms()));
  const round = graph([node("start"), wait(60), starter(flow)], "start > delay", "delay > start_flow");
  await db.owner
    .updateTable("flows")
    .set({ nodes: JSON.stringify(round.nodes), edges: JSON.stringify(round.edges) })
    .where("id", "=", flow)
    .execute();
  await send(flow, [await buildContact(db.owner, workspaceId)]);
  await engine.run();
  for (let i = 0; i < 8; i += 1) await engine.wait(61);
  const all = await executionsOf(flow);
  expect(all.map(({ depth, status }) => `${depth} ${status}`).sort()).toEqual([
    ...[0, 1, 2, 3, 4].map((depth) => `${depth} completed`),
    "5 failed",
  ]);
  expect(all.find(({ depth }) => depth === 5)).toMatchObject({ ended_reason: "flow_depth" });
});

describe("a stop", () => {
  test("of those who wait stops what they wait for, however deep; others go on", async () => {
    const deepest = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(600), sms("deepest")));
    const waited = await buildFlow(db.owner, workspaceId, parentOf(deepest, { wait: true }));
    const beside = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(600), sms("beside")));
    const parent = await buildFlow(
      db.owner,
      workspaceId,
      graph(
        [node("start"), { ...starter(beside), id: "first" }, starter(waited, { wait: true })],
        "start > first",
        "first:started > start_flow",
      ),
    );
    const sendId = await send(parent, [await buildContact(db.owner, workspaceId)]);
    await engine.run();
    await engine.run();
    await engine.engine.stopSend({ workspaceId, sendId, actor });
    for (let i = 0; i < 3; i += 1) await engine.wait(1);
    for (const flow of [parent, waited, deepest])
      expect(await executionsOf(flow)).toMatchObject([{ status: "cancelled", ended_reason: "send_stopped" }]);
    await engine.wait(601);
    expect(texts()).toEqual(["beside"]);
  });

  test("or a cancel of one who waits ends what it waits for", async () => {
    const child = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(600), sms("child")));
    const parent = await buildFlow(db.owner, workspaceId, parentOf(child, { wait: true }));
    await send(parent, await buildContacts(db.owner, workspaceId, 2));
    await engine.run();
    const [first] = await executionsOf(parent);
    await engine.engine.cancelExecution({ workspaceId, executionId: first?.id as string });
    for (let i = 0; i < 3; i += 1) await engine.wait(1);
    const below = await executionsOf(child);
    expect(below.find(({ parent_execution_id }) => parent_execution_id === first?.id)).toMatchObject({
      status: "cancelled",
      ended_reason: "parent_ended",
    });
    await engine.wait(601);
    expect(texts()).toEqual(["child", "after"]);
  });

  test("of what somebody waits for is a failure for those who wait", async () => {
    const child = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(600), sms("child")));
    const parent = await buildFlow(db.owner, workspaceId, parentOf(child, { wait: true }));
    await send(parent, [await buildContact(db.owner, workspaceId)]);
    await engine.run();
    const [below] = await executionsOf(child);
    await engine.engine.cancelExecution({ workspaceId, executionId: below?.id as string });
    await engine.wait(1);
    await engine.run();
    expect(await executionsOf(parent)).toMatchObject([{ status: "partial_failure", ended_reason: "child_failed" }]);
    expect(texts()).toEqual(["otherwise"]);
  });
});

test("deleting the contact ends both, and forgets what was handed over", async () => {
  const child = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(600), sms("child")));
  const parent = await buildFlow(
    db.owner,
    workspaceId,
    parentOf(child, { wait: true, values: [{ name: "name", value: "{{ firstname }}" }] }),
  );
  const contact = await buildContact(db.owner, workspaceId);
  await send(parent, [contact]);
  await engine.run();
  await eraseAtOnce(engine, { workspaceId, ids: [contact] });
  for (const flow of [parent, child]) expect(await executionsOf(flow)).toMatchObject([{ status: "cancelled" }]);
  expect((await executionsOf(child))[0]?.trigger_data).toBeNull();
  await engine.wait(601);
  expect(texts()).toEqual([]);
});

test.each(["chunk-read", "starting", "starts-committed", "before-save", "saving", "chunk-saved"] as BreakPoint[])(
  "a death at %s starts each exactly once, waiting or not",
  async (point) => {
    // Without messages: of one that was being sent nobody would know whether it left.
    const child = await buildFlow(db.owner, workspaceId, chain(node("start"), node("end")));
    const quiet = (config = {}) => {
      const { nodes, edges } = parentOf(child, config);
      return { nodes: nodes.map((one) => (one.type === "send_sms" ? node("end", undefined, one.id) : one)), edges };
    };
    const flows = [await buildFlow(db.owner, workspaceId, quiet()), await buildFlow(db.owner, workspaceId, quiet({ wait: true }))];
    const ids = await buildContacts(db.owner, workspaceId, 3);
    for (const flow of flows) await send(flow, ids);
    for (let nth = 1; nth <= 3; nth += 1) {
      let left = nth;
      onBreakPoint((name) => {
        if (name === point && --left === 0) throw new SimulatedCrash(point);
      });
      await engine.run().catch((error: unknown) => {
        if (!(error instanceof SimulatedCrash)) throw error;
      });
      onBreakPoint(undefined);
      const dead = engine;
      await restartEngine();
      await freeTheDead(db.owner, dead);
    }
    for (let i = 0; i < 4; i += 1) await engine.wait(10);
    expect(await executionsOf(child)).toHaveLength(6);
    for (const flow of flows)
      expect((await executionsOf(flow)).map(({ status }) => status)).toEqual(["completed", "completed", "completed"]);
  },
);
