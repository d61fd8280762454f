import { z } from "zod";
import { PageQuery, pageOf } from "../pagination.ts";
import { ProofLine } from "../proof.ts";
import { byId, defineRoute, member } from "../route.ts";

const page = z.strictObject(PageQuery.shape);
const file = z.strictObject({ workspaceId: z.string().max(100).optional() });

export const proofRoutes = {
  listSendProof: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/sends/:id/proof",
    tag: "Sends",
    summary: "The ledger of the messages of a send, in the order of its contacts",
    description:
      "One line for each execution, visit, channel and address: when it was written, before the provider was called; the provider's own id of it; each try and what was answered; each report on its delivery. " +
      "A page may hold no line and still have a next one, because contacts who get no message are passed over.",
    auth: member("viewer", "messages:read"),
    params: byId,
    query: page,
    response: pageOf(ProofLine),
  }),
  exportSendProof: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/sends/:id/proof/export",
    tag: "Sends",
    summary: "The ledger of the messages of a send as CSV",
    auth: member("viewer", "messages:read"),
    kind: "csv",
    audit: "send.export_proof",
    params: byId,
    query: file,
    response: z.string(),
  }),
  listContactProof: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/contacts/:id/proof",
    tag: "Contacts",
    summary: "The ledger of the messages to a contact, newest first",
    auth: member("viewer", "messages:read"),
    params: byId,
    query: page,
    response: pageOf(ProofLine),
  }),
  exportContactProof: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/contacts/:id/proof/export",
    tag: "Contacts",
    summary: "The ledger of the messages to a contact as CSV",
    auth: member("viewer", "messages:read"),
    kind: "csv",
    audit: "contact.export_proof",
    params: byId,
    query: file,
    response: z.string(),
  }),
};
