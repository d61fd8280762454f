import { expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, edge, email, graph, node, sms, wait } from "#test/graphs.ts";
import { oneInside } from "#test/people-inside.ts";
import { draftFlow } from "#test/publish.ts";
import { EngineRefusal } from "../base/refusal.ts";

setUpEngine();

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
