import type { PeopleMove } from "#contract/flow-publish.ts";
import type { FlowGraph } from "#contract/flows.ts";
import type { EngineRefusal } from "#engine/base/refusal.ts";
import { sendTo } from "./engine.ts";
import { db, sluice, workspaceId } from "./engine-fixture.ts";
import { buildContact, buildFlow } from "./factories.ts";
import { chain, node, sms, wait } from "./graphs.ts";
import { publishGraph } from "./publish.ts";

/** The flow in which people wait before another version of it is published. */
export const before = chain(node("start"), sms("one", {}, "one"), wait(3600), sms("two", {}, "two"), node("end"));

export const steps = async (id: string) =>
  (
    await db.owner
      .selectFrom("flow_execution_steps")
      .select(["node_id", "status", "reason", "visit", "attempt", "started_at", "wake_at"])
      .where("flow_execution_id", "=", id)
      .orderBy("visit")
      .orderBy("attempt")
      .execute()
  ).map((step) => step);
export const execution = (id: string) => db.owner.selectFrom("flow_executions").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
export const moved = (id: string) =>
  db.owner
    .selectFrom("flow_execution_moves as m")
    .innerJoin("flow_publications as p", "p.id", "m.publication_id")
    .select(["m.action", "m.from_node_id", "m.to_node_id", "m.visit"])
    .where("m.flow_execution_id", "=", id)
    .orderBy("p.seq")
    .execute();
// Those of other tests wait in the same database.
export const texts = () => sluice.providers.sms.calls.filter((call) => call.workspaceId === workspaceId).map(({ text }) => text);
export const versionOf = async (id: string) =>
  (
    await db.owner
      .selectFrom("flow_executions as e")
      .innerJoin("flow_versions as v", "v.id", "e.flow_version_id")
      .select("v.number")
      .where("e.id", "=", id)
      .executeTakeFirstOrThrow()
  ).number;

/** One contact at the wait of this flow. */
export async function oneInside(flow: FlowGraph = before, id?: string): Promise<{ flowId: string; executionId: string }> {
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const contact = id ?? (await buildContact(db.owner, workspaceId));
  const { executionId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contact]));
  await sluice.run();
  return { flowId, executionId: executionId as string };
}
export const publish = (flowId: string, next: FlowGraph, ...moves: PeopleMove[]) =>
  publishGraph(db.owner, sluice, { workspaceId, flowId, graph: next, moves });
export const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: EngineRefusal) => error,
  );
