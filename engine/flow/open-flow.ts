import type { Tx } from "#db/client.ts";
import { EngineRefusal } from "../base/refusal.ts";
import { type FlowRow, lockFlowToEnter } from "./version-rows.ts";

/**
 * Reads a flow that contacts are about to enter, and keeps it from being archived or deleted until the transaction ends: who
 * ends everybody in a flow that is archived must not miss those who enter at that moment. Gives the refusal where nobody may
 * enter.
 */
export async function openFlow(tx: Tx, of: { workspaceId: string; flowId: string }): Promise<FlowRow | EngineRefusal> {
  const found = await lockFlowToEnter(tx, of);
  if (!found) return new EngineRefusal("flow_not_found", "This flow does not exist in this workspace.");
  const { isArchived, ...flow } = found;
  if (!isArchived) return flow;
  return new EngineRefusal(
    "flow_archived",
    `The flow “${flow.name}” is archived, so nobody can enter it. Unarchive it, or choose another flow.`,
  );
}
