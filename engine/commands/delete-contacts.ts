import type { Tx } from "#db/client.ts";
import { insertAuditEntry } from "#db/queries/audit-log.ts";
import { listLeavingContacts } from "../bin/leaving-contacts-rows.ts";
import { moveToBin } from "../bin/move-to-bin.ts";
import type { DeleteContactsInput } from "../bulk-api.ts";
import type { EngineContext } from "../engine-context.ts";
import { transactThenRing } from "../jobs/ring.ts";
import type { Actor } from "../send-api.ts";
import { checkDeletion } from "./check-deletion.ts";

/** The most ids that one entry of the audit log names. */
export const idsNamed = 1_000;

/**
 * Moves contacts to the bin and ends their executions, in one transaction. The audit log says who deleted them. Where many may
 * be meant, `confirmation` is held against the number that is deleted, and a refusal takes all of it back.
 */
export async function deleteContacts(context: EngineContext, input: DeleteContactsInput): Promise<{ matched: number; changed: number }> {
  return transactThenRing(context, async (tx, ring) => {
    const count = await moveToBin(tx, input, context, ring);
    if (input.confirmation) checkDeletion(input.confirmation, count);
    const counts = { matched: count, changed: count };
    if (count > 0) await audit(tx, { ...input, counts });
    return counts;
  });
}

interface Deletion {
  workspaceId: string;
  actor: Actor;
  counts: { matched: number; changed: number };
}

/** The ids tell nobody who the people were, and tell somebody who has an id that it was deleted, when and by whom. */
async function audit(tx: Tx, { workspaceId, actor, counts }: Deletion): Promise<void> {
  const ids = await listLeavingContacts(tx, idsNamed);
  const of = { workspaceId, actorId: actor.id, actorName: actor.name };
  await insertAuditEntry(
    tx,
    ids.length === 1
      ? { ...of, action: "contact.delete", subjectId: ids[0] }
      : { ...of, action: "contacts.delete", details: { ...counts, ids } },
  );
}
