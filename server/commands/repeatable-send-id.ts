import type { Tx } from "#db/client.ts";
import { findSend } from "#db/queries/sends.ts";
import type { RepeatableId } from "../http/idempotency.ts";

/**
 * The id of the send that a request with an Idempotency-Key makes. A request that an earlier version answered, and whose
 * answer was lost, finds its send under the id that version made.
 */
export async function repeatableSendId(db: Tx, workspaceId: string, given: RepeatableId | undefined): Promise<string | undefined> {
  if (!given) return undefined;
  return (await findSend(db, { workspaceId, id: given.earlier })) ? given.earlier : given.id;
}
