import { describe, expect, test } from "vitest";
import type { PeopleMove } from "#contract/flow-publish.ts";
import type { FlowGraph } from "#contract/flows.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { chain, edge, email, graph, node, sms, wait } from "#test/graphs.ts";
import { draftFlow, publishGraph } from "#test/publish.ts";
import { EngineRefusal } from "../base/refusal.ts";

setUpEngine();

const before = chain(node("start"), sms("one", {}, "one"), wait(3600), sms("two", {}, "two"), node("end"));

const steps = async (id: string) =>
  (
    await db.owner
      .selectFrom("flow_execution_steps")
      .select(["node_id", "status", "reason", "visit", "attempt", "started_at", "wake_at"])
      .where("flow_execution_id", "=", id)
      .orderBy("visit")
      .orderBy("attempt")
      .execute()
  ).map((step) => step);
const execution = (id: string) => db.owner.selectFrom("flow_executions").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const moved = (id: string) =>
  db.owner
    .selectFrom("flow_execution_moves as m")
    .innerJoin("flow_publications as p", "p.id", "m.publication_id")
    .select(["m.action", "m.from_node_id", "m.to_node_id", "m.visit"])
    .where("m.flow_execution_id", "=", id)
    .orderBy("p.seq")
    .execute();
// Those of other tests wait in the same database.
const texts = () => sluice.providers.sms.calls.filter((call) => call.workspaceId === workspaceId).map(({ text }) => text);
const versionOf = async (id: string) =>
  (
    await db.owner
      .selectFrom("flow_executions as e")
      .innerJoin("flow_versions as v", "v.id", "e.flow_version_id")
      .select("v.number")
      .where("e.id", "=", id)
      .executeTakeFirstOrThrow()
  ).number;

/** One contact at the wait of this flow. */
async function oneInside(flow: FlowGraph = before, id?: string): Promise<{ flowId: string; executionId: string }> {
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const contact = id ?? (await buildContact(db.owner, workspaceId));
  const { executionId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contact]));
  await sluice.run();
  return { flowId, executionId: executionId as string };
}
const publish = (flowId: string, next: FlowGraph, ...moves: PeopleMove[]) =>
  publishGraph(db.owner, sluice, { workspaceId, flowId, graph: next, moves });
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: EngineRefusal) => error,
  );

describe("is refused", () => {
  test("where people wait at steps that are gone and nobody has said what becomes of them: with every such step", async () => {
    const isNew = node("condition", { branches: [{ id: "new", tests: [{ field: "lead_status", operator: "is", value: "New" }] }] });
    const flow = graph(
      [node("start"), isNew, wait(60, "left"), wait(60, "right")],
      ...["start > condition", "condition:new > left", "condition:otherwise > right"],
    );
    const flowId = await buildFlow(db.owner, workspaceId, flow);
    const people = [...(await buildContacts(db.owner, workspaceId, 2)), await buildContact(db.owner, workspaceId, { lead_status: "New" })];
    await sluice.engine.createSend(sendTo(workspaceId, flowId, people));
    await sluice.run();
    const error = await refusal(publish(flowId, chain(node("start"), sms())));
    expect(error).toMatchObject({ code: "moves_needed" });
    expect(error?.problems?.map(({ nodeId }) => nodeId).sort()).toEqual(["left", "right"]);
    expect(error?.problems?.map(({ message }) => message.slice(0, 30)).sort()).toEqual([
      "2 people wait at “Delay”, whic",
      "One person waits at “Delay”, w",
    ]);
    expect(await db.owner.selectFrom("flow_publications").selectAll().where("flow_id", "=", flowId).execute()).toEqual([]);
  });

  test("where people are to be moved to a step that the new version does not have, or to follow to one that is gone", async () => {
    const { flowId } = await oneInside();
    const next = chain(node("start"), sms("one", {}, "one"), sms("two", {}, "two"));
    const nowhere = await refusal(publish(flowId, next, { nodeId: "delay", action: "node", toNodeId: "nowhere" }));
    expect(nowhere?.problems).toMatchObject([{ nodeId: "delay" }]);
    const gone = await refusal(publish(flowId, next, { nodeId: "delay", action: "follow" }));
    expect(gone).toMatchObject({ code: "moves_needed", problems: [{ nodeId: "delay" }] });
  });

  test("where the type of a step at which people wait was replaced", async () => {
    const { flowId } = await oneInside();
    const replaced = chain(node("start"), sms("one", {}, "one"), email("Hello", {}, "delay"), sms("two", {}, "two"), node("end"));
    expect(await refusal(publish(flowId, replaced))).toMatchObject({ code: "moves_needed" });
  });
});

describe("people who are inside", () => {
  test("stay on their version where nobody says otherwise and their way ahead changes", async () => {
    const { flowId, executionId } = await oneInside();
    const next = chain(node("start"), sms("one", {}, "one"), wait(3600), sms("new two", {}, "two"), node("end"));
    const { people } = await publish(flowId, next);
    expect(people).toEqual({ following: 0, staying: 1, leaving: 0, inFlight: 0 });
    await sluice.wait(3601);
    expect(texts()).toEqual(["one", "two"]);
    expect([await versionOf(executionId), await moved(executionId)]).toEqual([1, []]);
  });

  test("follow without a question where nothing of their way ahead changes, and their wait stays as it was", async () => {
    const { flowId, executionId } = await oneInside();
    const due = (await execution(executionId)).wake_at;
    const { people } = await publish(
      flowId,
      chain(node("start"), sms("new one", {}, "one"), wait(3600), sms("two", {}, "two"), node("end")),
    );
    expect(people).toMatchObject({ following: 1, staying: 0 });
    await sluice.run();
    expect(await versionOf(executionId)).toBe(2);
    expect((await execution(executionId)).wake_at).toEqual(due);
    expect(await moved(executionId)).toEqual([{ action: "follow", from_node_id: "delay", to_node_id: "delay", visit: 3 }]);
    await sluice.wait(3601);
    expect(texts()).toEqual(["one", "two"]);
    expect(await steps(executionId)).toHaveLength(5);
  });

  test("follow to new texts, to a step put ahead, and past one that is gone", async () => {
    const { flowId, executionId } = await oneInside();
    const next = chain(node("start"), wait(3600), sms("added", {}, "added"), sms("new two", {}, "two"));
    await publish(flowId, next, { nodeId: "delay", action: "follow" });
    await sluice.wait(3601);
    expect(texts()).toEqual(["one", "added", "new two"]);
    expect(await execution(executionId)).toMatchObject({ status: "completed" });
  });

  test("who follow a shorter wait go on after it, counted from its beginning, at the earliest now and spread over ten minutes", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, before);
    const ids = await buildContacts(db.owner, workspaceId, 40);
    await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
    await sluice.run();
    const began = Date.now();
    await sluice.wait(1800);
    const shorter = (seconds: number) => chain(node("start"), sms("one", {}, "one"), wait(seconds), sms("two", {}, "two"), node("end"));
    const dues = async () =>
      (await db.owner.selectFrom("wake_ups").select("due_at").where("workspace_id", "=", workspaceId).execute()).map(({ due_at }) =>
        Math.round((due_at.getTime() - began) / 1000),
      );
    // 2,400 s from the beginning is still to come.
    await publish(flowId, shorter(2400), { nodeId: "delay", action: "follow" });
    await sluice.run();
    for (const due of await dues()) expect(Math.abs(due - 2400)).toBeLessThan(60);
    // 600 s are over.
    await publish(flowId, shorter(600), { nodeId: "delay", action: "follow" });
    await sluice.run();
    const spread = await dues();
    expect(Math.min(...spread)).toBeGreaterThanOrEqual(1790);
    expect(Math.max(...spread)).toBeLessThan(1800 + 660);
    expect(Math.max(...spread) - Math.min(...spread)).toBeGreaterThan(300);
    await sluice.wait(601);
    expect(texts().filter((text) => text === "two")).toHaveLength(40);
  });

  test("who follow a longer wait go on later, from its beginning, also where they wake before the job comes to them", async () => {
    const { flowId, executionId } = await oneInside();
    await sluice.wait(3590);
    await publish(flowId, chain(node("start"), sms("one", {}, "one"), wait(7200), sms("two", {}, "two"), node("end")), {
      nodeId: "delay",
      action: "follow",
    });
    // The job is lost.
    await db.owner.deleteFrom("private.inline_jobs" as never).execute();
    await sluice.wait(60);
    expect(texts()).toEqual(["one"]);
    expect(await versionOf(executionId)).toBe(2);
    const [, , waiting] = await steps(executionId);
    expect(waiting).toMatchObject({ node_id: "delay", status: "waiting", attempt: 1 });
    expect((waiting?.wake_at?.getTime() ?? 0) - (waiting?.started_at.getTime() ?? 0)).toBe(7_200_000);
    await sluice.wait(3500);
    expect(texts()).toEqual(["one"]);
    await sluice.wait(60);
    expect(texts()).toEqual(["one", "two"]);
  });

  test("are moved from a step that is gone to another one, taken out, or finish as they began", async () => {
    const [one, two, three] = [await oneInside(), await oneInside(), await oneInside()];
    const next = chain(node("start"), sms("one", {}, "one"), sms("two", {}, "two"), node("end"));
    await publish(one.flowId, next, { nodeId: "delay", action: "node", toNodeId: "two" });
    await publish(two.flowId, next, { nodeId: "delay", action: "leave" });
    await publish(three.flowId, next, { nodeId: "delay", action: "stay" });
    await sluice.run();
    expect(await steps(one.executionId)).toMatchObject([
      { node_id: "start" },
      { node_id: "one" },
      { node_id: "delay", status: "skipped", reason: "moved_by_publish" },
    ]);
    expect(await execution(two.executionId)).toMatchObject({ status: "cancelled", ended_reason: "left_by_publish", wake_at: null });
    expect((await steps(two.executionId)).at(-1)).toMatchObject({ status: "skipped", reason: "left_by_publish" });
    await sluice.wait(601);
    expect(texts()).toEqual(["one", "one", "one", "two"]);
    expect(await execution(one.executionId)).toMatchObject({ status: "completed" });
    await sluice.wait(3000);
    expect(texts()).toEqual(["one", "one", "one", "two", "two"]);
    expect(await execution(three.executionId)).toMatchObject({ status: "completed" });
    expect([await versionOf(one.executionId), await versionOf(three.executionId)]).toEqual([2, 1]);
    expect(await moved(one.executionId)).toEqual([{ action: "node", from_node_id: "delay", to_node_id: "two", visit: 3 }]);
    expect(await moved(two.executionId)).toEqual([{ action: "leave", from_node_id: "delay", to_node_id: null, visit: 3 }]);
  });

  test("who stay are not moved at a later step where others follow", async () => {
    const long = chain(node("start"), wait(60, "first"), wait(60, "second"), sms("old"));
    const flowId = await buildFlow(db.owner, workspaceId, long);
    const [early, late] = await buildContacts(db.owner, workspaceId, 2);
    const { executionId: atSecond } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [early as string]));
    await sluice.run();
    await sluice.wait(61);
    const { executionId: atFirst } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [late as string]));
    await sluice.run();
    await publish(
      flowId,
      chain(node("start"), wait(60, "first"), wait(60, "second"), sms("new")),
      { nodeId: "first", action: "stay" },
      { nodeId: "second", action: "follow" },
    );
    for (let i = 0; i < 3; i += 1) await sluice.wait(61);
    expect(texts().sort()).toEqual(["new", "old"]);
    expect([await versionOf(atFirst as string), await versionOf(atSecond as string)]).toEqual([1, 2]);
  });

  test("follow a chain of publications to its end, also back to a version that was restored", async () => {
    const { flowId, executionId } = await oneInside();
    const version = (text: string) => chain(node("start"), sms("one", {}, "one"), wait(3600), sms(text, {}, "two"), node("end"));
    for (const text of ["b", "c", "two"]) {
      await publish(flowId, version(text), { nodeId: "delay", action: "follow" });
      await db.owner.deleteFrom("private.inline_jobs" as never).execute();
    }
    await sluice.wait(3601);
    expect(texts()).toEqual(["one", "two"]);
    expect(await moved(executionId)).toHaveLength(3);
    expect(await versionOf(executionId)).toBe(1);
    // Who enters the restored version now is not led round by what was published before.
    const { executionId: later } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [await buildContact(db.owner, workspaceId)]));
    await sluice.run();
    await sluice.wait(3601);
    expect([await versionOf(later as string), await moved(later as string)]).toEqual([1, []]);
  });

  test("are drawn at once by a goal that the new version puts ahead of them", async () => {
    const contact = await buildContact(db.owner, workspaceId, { lead_status: "Customer" });
    const { flowId, executionId } = await oneInside(before, contact);
    const goal = node("goal", { tests: [{ field: "lead_status", operator: "is", value: "Customer" }] });
    const next = graph(
      [...before.nodes, goal, email("arrived")],
      ...["start > one", "one > delay", "delay > two", "two > goal", "goal > email"],
    );
    await publish(flowId, next, { nodeId: "delay", action: "follow" });
    await sluice.run();
    expect(sluice.providers.email.calls).toHaveLength(1);
    expect((await steps(executionId)).map(({ node_id }) => node_id)).toEqual(["start", "one", "delay", "goal", "email"]);
  });

  test("who wait until something is so are judged again at once, with the limit from their beginning", async () => {
    const contact = await buildContact(db.owner, workspaceId, { lead_status: "New" });
    const until = (value: string, limitSeconds: number) =>
      graph(
        [
          node("start"),
          node("wait_until", { tests: [{ field: "lead_status", operator: "is", value }], limitSeconds }),
          sms("met", {}, "met"),
          sms("over", {}, "over"),
        ],
        ...["start > wait_until", "wait_until:met > met", "wait_until:time_over > over"],
      );
    const { flowId, executionId } = await oneInside(until("Customer", 3600), contact);
    await sluice.wait(600);
    await publish(flowId, until("Lead", 1200), { nodeId: "wait_until", action: "follow" });
    await sluice.run();
    expect(texts()).toEqual([]);
    expect((await steps(executionId)).at(-1)).toMatchObject({ node_id: "wait_until", status: "waiting" });
    await sluice.wait(590);
    expect(texts()).toEqual([]);
    await sluice.wait(20);
    expect(texts()).toEqual(["over"]);
    const another = await oneInside(until("Customer", 3600), contact);
    await publish(another.flowId, until("New", 3600), { nodeId: "wait_until", action: "follow" });
    await sluice.run();
    expect(texts()).toEqual(["over", "met"]);
  });

  test("who have not begun begin on the new version where they follow, and on theirs otherwise", async () => {
    const contacts = await buildContacts(db.owner, workspaceId, 2);
    for (const [index, moves] of ([[{ nodeId: null, action: "follow" }], []] as PeopleMove[][]).entries()) {
      const flowId = await buildFlow(db.owner, workspaceId, before);
      const { sendId } = await sluice.engine.createSend(
        sendTo(workspaceId, flowId, contacts, { start: { zone: "workspace", at: "2099-01-01T00:00" } }),
      );
      await sluice.run();
      const { people } = await publish(flowId, chain(node("start"), sms("new")), ...moves);
      expect(people).toMatchObject(index === 0 ? { following: 2, staying: 0 } : { following: 0, staying: 2 });
      await sluice.run();
      expect(texts()).toEqual([]);
      await sluice.engine.rescheduleSend({ workspaceId, sendId, actor: { id: null, name: null }, patch: { start: null } });
      await sluice.run();
      expect(texts()).toEqual(index === 0 ? ["new", "new"] : ["one", "one"]);
      sluice.providers.sms.calls.splice(0);
    }
  });

  test("of a send that is still paused are moved, and nothing of it leaves", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, before);
    const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, await buildContacts(db.owner, workspaceId, 3)));
    await sluice.run();
    const of = { workspaceId, sendId, actor: { id: null, name: null } };
    await sluice.engine.pauseSend(of);
    await publish(flowId, chain(node("start"), sms("one", {}, "one"), wait(60), sms("new", {}, "two")), {
      nodeId: "delay",
      action: "follow",
    });
    await sluice.run();
    await sluice.wait(4000);
    expect(texts()).toEqual(["one", "one", "one"]);
    await sluice.engine.resumeSend(of);
    await sluice.run();
    expect(texts().slice(3)).toEqual(["new", "new", "new"]);
  });
});

test("the look before publishing counts the people at each step whose way ahead changes, and proposes what becomes of them", async () => {
  const flow = chain(
    node("start"),
    wait(60, "first"),
    sms("one", {}, "one"),
    wait(3600, "second"),
    sms("two", {}, "two"),
    wait(9000, "third"),
    email("Bye"),
  );
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const people = await buildContacts(db.owner, workspaceId, 6);
  await sluice.engine.createSend(sendTo(workspaceId, flowId, people.slice(0, 1)));
  await sluice.run();
  await sluice.wait(61);
  await sluice.wait(3601);
  await sluice.engine.createSend(sendTo(workspaceId, flowId, people.slice(1, 3)));
  await sluice.run();
  await sluice.wait(61);
  await sluice.engine.createSend(sendTo(workspaceId, flowId, people.slice(3)));
  await sluice.run();
  const next = graph(
    [node("start"), wait(60, "first"), sms("new one", {}, "one"), sms("two", {}, "two"), wait(9000, "third"), email("Bye")],
    ...["start > first", "first > one", "one > two", "two > third", "third > email"],
  );
  const revision = await draftFlow(db.owner, { workspaceId, flowId, graph: next });
  const preview = await sluice.engine.previewPublish({ workspaceId, flowId, revision });
  expect(preview.number).toBe(2);
  expect(preview.unaffected).toEqual({ people: 1, steps: 1 });
  expect(preview.people).toMatchObject([
    {
      nodeId: "first",
      count: 3,
      versions: [1],
      isRemoved: false,
      affectedBy: [
        { kind: "content", nodeId: "one" },
        { kind: "step_removed", nodeId: "second" },
      ],
      proposed: "follow",
      choices: ["stay", "follow", "node", "leave"],
    },
    {
      nodeId: "second",
      label: "Delay",
      count: 2,
      isRemoved: true,
      proposed: null,
      choices: ["stay", "node", "leave"],
      healedTo: "two",
    },
  ]);
  const resting = await db.owner
    .selectFrom("flow_execution_steps as s")
    .innerJoin("flow_executions as e", "e.id", "s.flow_execution_id")
    .where("e.flow_id", "=", flowId)
    .where("s.node_id", "=", "first")
    .where("s.status", "=", "waiting")
    .select(({ fn }) => [fn.min("s.started_at").as("since"), fn.max("s.wake_at").as("until")])
    .executeTakeFirstOrThrow();
  expect(preview.people[0]).toMatchObject({ since: resting.since?.toISOString(), until: resting.until?.toISOString() });
  await expect(sluice.engine.previewPublish({ workspaceId, flowId, revision: "of yesterday" })).rejects.toBeInstanceOf(EngineRefusal);
});

test("an edge that leads elsewhere, a longer wait and a renamed key propose that people stay, a branch that goes asks", async () => {
  const condition = (...ids: string[]) =>
    node("condition", { branches: ids.map((id) => ({ id, tests: [{ field: "lead_status", operator: "is", value: id }] })) });
  const flow = {
    nodes: [node("start"), wait(60), condition("a", "b"), sms("x", {}, "x"), sms("y", {}, "y")],
    edges: [edge("start > delay"), edge("delay > condition"), edge("condition:a > x"), edge("condition:b > y")],
  };
  const { flowId } = await oneInside(flow);
  const proposed = async (next: FlowGraph) => {
    const revision = await draftFlow(db.owner, { workspaceId, flowId, graph: next });
    const { people } = await sluice.engine.previewPublish({ workspaceId, flowId, revision });
    return people.map(({ nodeId, proposed: proposal, affectedBy }) => [nodeId, proposal, affectedBy.map(({ kind }) => kind)]);
  };
  const swapped = { ...flow, edges: [...flow.edges.slice(0, 2), edge("condition:a > y"), edge("condition:b > x")] };
  expect(await proposed(swapped)).toEqual([["delay", "stay", ["rerouted"]]]);
  const longer = { ...flow, nodes: flow.nodes.map((one) => (one.id === "delay" ? wait(120) : one)) };
  expect(await proposed(longer)).toEqual([["delay", "stay", ["timing"]]]);
  const fewer = { nodes: flow.nodes.map((one) => (one.id === "condition" ? condition("a") : one)), edges: flow.edges.slice(0, 3) };
  expect(await proposed(fewer)).toEqual([["delay", null, ["branch_removed"]]]);
  const more = { nodes: flow.nodes.map((one) => (one.id === "condition" ? condition("a", "b", "c") : one)), edges: flow.edges };
  expect(await proposed(more)).toEqual([["delay", "follow", ["branch"]]]);
  const named = { ...flow, nodes: flow.nodes.map((one) => ({ ...one, data: { ...one.data, label: `${one.id} again`, note: "why" } })) };
  expect(await proposed(named)).toEqual([]);
});
