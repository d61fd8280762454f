import type { FlowGraph } from "#contract/flows.ts";
import type { CreateSendInput } from "#engine/engine.ts";
import { sendTo } from "./engine.ts";
import { db, sluice, workspaceId } from "./engine-fixture.ts";
import { buildContact, buildFlow, type ContactValues } from "./factories.ts";

// For tests that ask which way one contact took through a flow, and what was written down of it.

/** Sends this graph to one contact and runs what is due. Returns the execution. */
export async function sendFlow(flow: FlowGraph, contact: ContactValues = {}, more: Partial<CreateSendInput> = {}): Promise<string> {
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const contactId = await buildContact(db.owner, workspaceId, contact);
  const { executionId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId], more));
  await sluice.run();
  return executionId as string;
}

export const messagesOf = (id: string) =>
  db.owner.selectFrom("messages").selectAll().where("flow_execution_id", "=", id).orderBy("visit").execute();

export const stepsOf = (id: string) =>
  db.owner.selectFrom("flow_execution_steps").selectAll().where("flow_execution_id", "=", id).orderBy("visit").execute();

/** The path as the founding document reads it: by created_at. */
export async function pathOf(id: string): Promise<string> {
  const steps = await db.owner
    .selectFrom("flow_execution_steps")
    .selectAll()
    .where("flow_execution_id", "=", id)
    .orderBy("created_at")
    .execute();
  return steps
    .map(({ node_id, status, exit, reason }) => `${node_id} ${status}${exit ? ` → ${exit}` : ""}${reason ? ` (${reason})` : ""}`)
    .join(", ");
}
