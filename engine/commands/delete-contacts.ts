import { keysKeptOf } from "#contract/node-definition.ts";
import type { Tx } from "#db/client.ts";
import { insertAuditEntry } from "#db/queries/audit-log.ts";
import type { DeleteContactsInput } from "../engine-api.ts";
import type { EngineContext } from "../engine-context.ts";
import { endExecutions } from "../execution/end-executions.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { deleteLeavingContacts, listLeavingContacts, lockLeavingContacts, ofLeavingContacts } from "./delete-contacts-rows.ts";
import { forgetContacts } from "./forget-contacts-rows.ts";

/** The most ids that one entry of the audit log names. */
const idsNamed = 1_000;

/**
 * Deletes contacts for good, in one transaction. Their executions end now. What was sent to them stays in the history
 * without their name, address or text; which nodes were visited, when, and with what success stays too. The audit log says
 * who deleted them.
 */
export async function deleteContacts(
  context: EngineContext,
  { workspaceId, selection, actor }: DeleteContactsInput,
): Promise<{ matched: number; changed: number }> {
  return transactThenRing(context, async (tx, ring) => {
    const matched = await lockLeavingContacts(tx, workspaceId, selection);
    if (matched === 0) return { matched: 0, changed: 0 };
    const ending = { status: "cancelled", reason: "contact_deleted", scope: "all" } as const;
    await endExecutions(tx, ofLeavingContacts(workspaceId), ending, { ...context, ring });
    await forgetContacts(tx, workspaceId, keysKeptOf(context.nodes.definitions));
    const counts = { matched, changed: await deleteLeavingContacts(tx, workspaceId) };
    await audit(tx, { workspaceId, actor, counts });
    return counts;
  });
}

interface Deletion extends Pick<DeleteContactsInput, "workspaceId" | "actor"> {
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
