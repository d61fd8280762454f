import { z } from "zod";
import { mostOwnValues } from "../launch-values.ts";
import { Uuid } from "../pagination.ts";
import { byId, defineRoute, member } from "../route.ts";
import { SendTerms } from "../send-terms.ts";

export const sendTermRoutes = {
  getSendTerms: defineRoute({
    method: "GET",
    path: "/api/sends/:id/terms",
    tag: "Sends",
    summary: "What a send was told: whom it leaves out, its condition, and the values that its flow asked for",
    auth: member("viewer", "executions:read"),
    params: byId,
    response: SendTerms,
  }),
  nameContacts: defineRoute({
    method: "POST",
    path: "/api/contacts/names",
    tag: "Contacts",
    summary: "What contacts are called, in the order of the ids",
    description: "Contacts that do not exist are left out.",
    auth: member("viewer", "contacts:read"),
    body: z.strictObject({ ids: z.array(Uuid).min(1).max(mostOwnValues) }),
    response: z.object({ items: z.array(z.object({ id: Uuid, name: z.string(), address: z.string().nullable() })) }),
    changesNothing: true,
  }),
};
