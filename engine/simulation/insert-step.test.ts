import { expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { simulationLimits } from "#contract/simulations.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { silentLog } from "#test/engine.ts";
import { db, setUpEngine, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { randomFlow, randomNumbers } from "#test/random-flow.ts";
import { newNode } from "#web/features/flow-builder/operations/change-graph.ts";
import { exitOfEdge } from "#web/features/flow-builder/operations/exits.ts";
import { insertNode } from "#web/features/flow-builder/operations/insert.ts";
import { createSimulator } from "./simulate.ts";

setUpEngine({ timeZone: "Europe/Vienna" });

/** The moment to ten minutes: within the simulation the real time goes on as well, by as much as the machine takes. */
function roughly(moment: Date | string | null | undefined): string | null {
  if (!moment) return null;
  const tenMinutes = 600_000;
  return new Date(Math.floor(new Date(moment).getTime() / tenMinutes) * tenMinutes).toISOString();
}

/** A flow as people draw them, in which every second wait is a message. */
function flowOf(seed: number): FlowGraph {
  const { nodes, edges } = randomFlow(14, seed);
  let waits = 0;
  return {
    edges,
    nodes: nodes.map((one) => {
      if (one.type !== "delay" || ++waits % 2 === 0) return one;
      return { ...one, type: "send_sms", data: { ...one.data, config: { text: `Hi {{ firstname }}, this is ${one.id}` } } };
    }),
  };
}

/** The flow with a step of a type put on one of its lines. */
function withStep(flow: FlowGraph, type: string, chance: number): { flow: FlowGraph; id: string } {
  const changed = structuredClone(flow);
  const edge = changed.edges[Math.floor(chance * changed.edges.length)];
  const source = changed.nodes.find(({ id }) => id === edge?.source);
  if (!edge || !source) throw new Error("The flow has no line");
  const made = newNode(type);
  insertNode(changed, { source: source.id, exit: exitOfEdge(source, edge) }, made);
  return { flow: changed, id: made.id };
}

test.each(["condition", "split"])("a step of type %s that is put on a line changes nothing that anybody gets, nor when", async (type) => {
  const simulate = createSimulator({
    db: db.owner,
    nodes: nodeRegistry,
    log: silentLog,
    limits: { steps: simulationLimits.steps, seconds: 600 },
    elapsed: () => 0,
  });
  const contacts = [
    await buildContact(db.owner, workspaceId, { firstname: "With", email: "with@example.test" }),
    await buildContact(db.owner, workspaceId, { firstname: "Without", email: null }),
  ];
  let passed = 0;
  for (let seed = 1; seed <= 4; seed += 1) {
    const random = randomNumbers(seed * 31);
    const before = flowOf(seed);
    const flowId = await buildFlow(db.owner, workspaceId, before);
    const after = withStep(before, type, random());
    for (const id of contacts) {
      const seen = async (graph: FlowGraph) => {
        const { steps, end, execution, endedAt } = await simulate({
          ...{ workspaceId, flowId, contact: { id }, graph, events: [], answers: {}, seed: "1" },
          startAt: new Date("2027-03-01T09:00:00Z"),
        });
        const isAt = steps.some(({ node_id }) => node_id === after.id);
        const others = steps.filter(({ node_id }) => node_id !== after.id);
        const way = others.map(({ node_id, status, exit, started_at, message }) => [
          node_id,
          status,
          exit,
          roughly(started_at),
          message?.text,
        ]);
        return { isAt, what: { way, end, status: execution?.status, endedAt: roughly(endedAt) } };
      };
      const [one, other] = [await seen(before), await seen(after.flow)];
      expect(other.what, `seed ${seed}`).toEqual(one.what);
      if (other.isAt) passed += 1;
    }
  }
  // Otherwise nothing would be shown.
  expect(passed).toBeGreaterThan(0);
});
