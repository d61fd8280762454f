import type { Tx } from "#db/client.ts";
import { insertAuditEntry } from "#db/queries/audit-log.ts";
import { findDueWorkspace, isDue } from "../bin/bin-rows.ts";
import { eraseFromBin } from "../bin/erase-contacts.ts";
import { inBin, listLeavingContacts } from "../bin/leaving-contacts-rows.ts";
import type { EngineContext } from "../engine-context.ts";
import { transactThenRing } from "../jobs/ring.ts";
import type { Actor } from "../send-api.ts";
import { idsNamed } from "./delete-contacts.ts";

/** Erases contacts that lie in the bin before their days are over, because an owner wants it. One transaction. */
export async function eraseContacts(
  context: EngineContext,
  { workspaceId, ids, actor }: { workspaceId: string; ids: readonly string[]; actor: Actor },
): Promise<{ erased: number }> {
  return transactThenRing(context, async (tx, ring) => {
    const erased = await eraseFromBin(tx, { workspaceId, which: inBin(ids) }, context, ring);
    if (erased > 0) await audit(tx, { workspaceId, actor, erased });
    return { erased };
  });
}

/** How many contacts one transaction of the sweep erases. */
const sweepSize = 500;

/**
 * Erases the contacts whose days in the bin are over, a portion of one workspace in each transaction. What one sweep does
 * not get to, because it dies or another holds a contact, is left to the next.
 *
 * @returns how many were erased
 */
export async function eraseDueContacts(context: EngineContext): Promise<number> {
  const { clock } = context;
  let total = 0;
  const passedOver: string[] = [];
  while (!context.isStopping()) {
    const found = await transactThenRing(context, async (tx, ring) => {
      const workspaceId = await findDueWorkspace(tx, clock, passedOver);
      if (workspaceId === undefined) return undefined;
      const due = { workspaceId, which: isDue(clock), limit: sweepSize, skipLocked: true };
      const erased = await eraseFromBin(tx, due, context, ring);
      if (erased > 0) await audit(tx, { workspaceId, actor: { id: null, name: null }, erased });
      return { workspaceId, erased };
    });
    if (!found) break;
    total += found.erased;
    if (found.erased === 0) passedOver.push(found.workspaceId);
  }
  return total;
}

/** The sweep has no actor: the 30 days were over. */
async function audit(tx: Tx, { workspaceId, actor, erased }: { workspaceId: string; actor: Actor; erased: number }): Promise<void> {
  await insertAuditEntry(tx, {
    workspaceId,
    actorId: actor.id,
    actorName: actor.name,
    action: "bin.erase",
    details: { erased, ids: await listLeavingContacts(tx, idsNamed) },
  });
}
