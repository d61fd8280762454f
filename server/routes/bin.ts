import { findInBin, listBin, restoreFromBin } from "#db/queries/bin.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";
import { actorOf } from "../http/principal.ts";

/** The most ids that one entry of the audit log names. */
const idsNamed = 1_000;

export const binRoutes = {
  listBin: ({ db, workspaceId, query }) => listBin(db, { workspaceId, ...query }),

  getFromBin: async ({ db, workspaceId, params }) => {
    const contact = await findInBin(db, { workspaceId, id: params.id });
    if (!contact) throw notFound("contact_not_found");
    return contact;
  },

  restoreFromBin: async ({ db, workspaceId, body, note }) => {
    const ids = await restoreFromBin(db, { workspaceId, ids: body.ids });
    if (ids.length === 0) throw notFound("contact_not_found");
    note({ details: { restored: ids.length, ids: ids.slice(0, idsNamed) } });
    return { restored: ids.length, ids };
  },

  eraseFromBin: async ({ resources, workspaceId, principal, body, note }) => {
    const counts = await resources.engine.eraseContacts({ workspaceId, ids: body.ids, actor: actorOf(principal) });
    if (counts.erased === 0) throw notFound("contact_not_found");
    // The engine writes the entry together with what it erases.
    note({ isWritten: true });
    return counts;
  },
} satisfies Pick<Handlers, "listBin" | "getFromBin" | "restoreFromBin" | "eraseFromBin">;
