import { nameContacts } from "#db/queries/contacts.ts";
import { findSendTerms } from "#db/queries/send-terms.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

export const sendTermRoutes = {
  getSendTerms: async ({ db, workspaceId, params }) => {
    const terms = await findSendTerms(db, { workspaceId, id: params.id });
    if (!terms) throw notFound("send_not_found");
    return terms;
  },

  nameContacts: async ({ db, workspaceId, body }) => ({ items: await nameContacts(db, { workspaceId, ids: body.ids }) }),
} satisfies Pick<Handlers, "getSendTerms" | "nameContacts">;
