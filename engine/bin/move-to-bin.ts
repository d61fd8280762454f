import type { Tx } from "#db/client.ts";
import { matchesSelection } from "#db/queries/contact-filter.ts";
import type { DeleteContactsInput } from "../bulk-api.ts";
import type { EngineContext } from "../engine-context.ts";
import { endExecutions } from "../execution/end-executions.ts";
import type { Ring } from "../jobs/ring.ts";
import type { Actor } from "../send-api.ts";
import { markDeleted, unmarkDeleted } from "./bin-rows.ts";
import { listLeavingContacts, lockLeavingContacts, ofLeavingContacts } from "./leaving-contacts-rows.ts";

export type BinContext = Pick<EngineContext, "clock" | "driver" | "nodes">;

/** How executions end whose contact goes. */
export const contactDeleted = { status: "cancelled", reason: "contact_deleted", scope: "all" } as const;

/**
 * Moves contacts to the bin, in the caller's transaction. Their executions end now. The contacts keep their values and
 * their consents; until somebody restores them they are in no list and no message goes to them. The leaving contacts
 * (leaving-contacts-rows.ts) are those that were moved.
 *
 * @param ring the turn jobs that are to be handed over after the commit (jobs/ring.ts)
 * @returns how many were moved; a contact that lies in the bin already is passed over
 */
export async function moveToBin(
  tx: Tx,
  { workspaceId, selection, actor }: Omit<DeleteContactsInput, "actor"> & { actor: Actor },
  { clock, driver, nodes }: BinContext,
  ring: Ring,
): Promise<number> {
  const count = await lockLeavingContacts(tx, workspaceId, matchesSelection(selection));
  if (count === 0) return 0;
  await endExecutions(tx, ofLeavingContacts(workspaceId), contactDeleted, { clock, driver, nodes, ring });
  await markDeleted(tx, workspaceId, actor, clock);
  return count;
}

/** The same for these contacts, with the ids of those that were moved. For a job that keeps a result for each of them. */
export async function moveIdsToBin(
  tx: Tx,
  { workspaceId, ids, actor }: { workspaceId: string; ids: readonly string[]; actor: Actor },
  context: BinContext,
  ring: Ring,
): Promise<string[]> {
  const count = await moveToBin(tx, { workspaceId, selection: { type: "ids", ids: [...ids] }, actor }, context, ring);
  return count === 0 ? [] : listLeavingContacts(tx);
}

/**
 * Takes contacts out of the bin, in the caller's transaction: with their values and consents, without the executions that
 * ended. What an address refused meanwhile stays refused.
 *
 * @returns the ids of those that were in the bin
 */
export async function restoreIds(tx: Tx, { workspaceId, ids }: { workspaceId: string; ids: readonly string[] }): Promise<string[]> {
  return ids.length === 0 ? [] : unmarkDeleted(tx, workspaceId, ids);
}
