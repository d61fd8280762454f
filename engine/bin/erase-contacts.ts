import { keysKeptOf } from "#contract/node-definition.ts";
import type { Tx } from "#db/client.ts";
import { endExecutions } from "../execution/end-executions.ts";
import type { Ring } from "../jobs/ring.ts";
import { deleteLeavingContacts } from "./bin-rows.ts";
import { forgetContacts } from "./forget-contacts-rows.ts";
import { lockLeavingContacts, ofLeavingContacts, type WhichContacts } from "./leaving-contacts-rows.ts";
import { type BinContext, contactDeleted } from "./move-to-bin.ts";

/**
 * Erases contacts for good, in the caller's transaction. What was sent to them stays in the history without their name,
 * address or text; which nodes were visited, when, and with what success stays too.
 *
 * @returns how many were erased; they are the leaving contacts (leaving-contacts-rows.ts)
 */
export async function eraseFromBin(
  tx: Tx,
  { workspaceId, which, ...lock }: { workspaceId: string; which: WhichContacts; limit?: number; skipLocked?: boolean },
  { clock, driver, nodes }: BinContext,
  ring: Ring,
): Promise<number> {
  if ((await lockLeavingContacts(tx, workspaceId, which, lock)) === 0) return 0;
  // They ended when the contact was deleted; an execution that is still there must not outlive the contact.
  await endExecutions(tx, ofLeavingContacts(workspaceId), contactDeleted, { clock, driver, nodes, ring });
  await forgetContacts(tx, workspaceId, keysKeptOf(nodes.definitions));
  return deleteLeavingContacts(tx, workspaceId);
}
