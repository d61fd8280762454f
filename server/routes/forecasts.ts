import type { Tx } from "#db/client.ts";
import { findUndoSeconds } from "#db/queries/workspaces.ts";
import { forbidden } from "../http/errors.ts";
import type { Handlers, Principal } from "../http/handler.ts";
import { holdsScope } from "../http/principal.ts";

// A forecast walks for seconds, so none of these holds a transaction meanwhile.

export const forecastRoutes = {
  forecastSend: async ({ resources, inTransaction, workspaceId, principal, body, signal }) => {
    const undoSeconds = await inTransaction((db) => undoSecondsOf(db, workspaceId, principal, body));
    return resources.engine.forecastSend({ workspaceId, ...body, undoSeconds, signal });
  },

  listForecastContacts: async ({ resources, inTransaction, workspaceId, principal, body: { reason, nodeId, ...body }, signal }) => {
    const undoSeconds = await inTransaction((db) => undoSecondsOf(db, workspaceId, principal, body));
    return resources.engine.listForecastContacts({ workspaceId, ...body, undoSeconds, signal }, { reason, nodeId });
  },

  forecastContact: async ({ resources, inTransaction, workspaceId, principal, body: { contactId, ...body }, signal }) => {
    const undoSeconds = await inTransaction((db) => undoSecondsOf(db, workspaceId, principal, body));
    const selection = { type: "ids" as const, ids: [contactId] };
    return resources.engine.forecastContact({ workspaceId, ...body, selection, undoSeconds, signal });
  },
} satisfies Pick<Handlers, "forecastSend" | "listForecastContacts" | "forecastContact">;

/**
 * As for a send: a person can undo it for some seconds, and a program cannot. A forecast also tells what stands in contacts and flow.
 * @throws ApiError forbidden for a key that may not read them
 */
async function undoSecondsOf(
  db: Tx,
  workspaceId: string,
  principal: Principal,
  { undoSeconds }: { undoSeconds?: number | undefined },
): Promise<number> {
  for (const scope of ["contacts:read", "flows:read"] as const) {
    if (principal.kind === "key" && !holdsScope(principal.scopes, scope)) throw forbidden(`This API key lacks the scope ${scope}.`);
  }
  return undoSeconds ?? (principal.kind === "key" ? 0 : findUndoSeconds(db, workspaceId));
}
