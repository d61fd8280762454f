import { keysKeptOf } from "#contract/node-definition.ts";
import type { DeleteContactsInput } from "../engine-api.ts";
import type { EngineContext } from "../engine-context.ts";
import { endExecutions } from "../execution/end-executions.ts";
import { transactThenRing } from "../jobs/ring.ts";
import {
  deleteLeavingContacts,
  forgetMessages,
  forgetStepResults,
  forgetVariables,
  lockLeavingContacts,
  ofLeavingContacts,
} from "./delete-contacts-rows.ts";

/**
 * Deletes contacts for good, in one transaction. Their executions end now. What was sent to them stays in the history
 * without their name, address or text; which nodes were visited, when, and with what success stays too.
 */
export async function deleteContacts(
  context: EngineContext,
  { workspaceId, selection }: DeleteContactsInput,
): Promise<{ matched: number; changed: number }> {
  return transactThenRing(context, async (tx, ring) => {
    const matched = await lockLeavingContacts(tx, workspaceId, selection);
    if (matched === 0) return { matched: 0, changed: 0 };
    const ending = { status: "cancelled", reason: "contact_deleted", scope: "all" } as const;
    await endExecutions(tx, ofLeavingContacts(workspaceId), ending, { ...context, ring });
    await forgetMessages(tx, workspaceId);
    await forgetStepResults(tx, workspaceId, keysKeptOf(context.nodes.definitions));
    await forgetVariables(tx, workspaceId);
    return { matched, changed: await deleteLeavingContacts(tx, workspaceId) };
  });
}
