import type { Tx } from "#db/client.ts";
import { findContact } from "#db/queries/contacts.ts";
import { listContactProof, listSendProof } from "#db/queries/message-ledger.ts";
import { findSend } from "#db/queries/sends.ts";
import { answerCsv } from "../commands/csv-file.ts";
import { exportProof, proofRowsPerPage as limit } from "../commands/export-proof.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

type Proof = "listSendProof" | "exportSendProof" | "listContactProof" | "exportContactProof";

export const proofRoutes = {
  listSendProof: async ({ db, workspaceId, params, query }) => {
    await requireSend(db, workspaceId, params.id);
    return listSendProof(db, { workspaceId, sendId: params.id, limit: query.limit, cursor: query.cursor });
  },

  exportSendProof: async ({ workspaceId, params, inTransaction, note, res, signal }) => {
    await inTransaction((db) => requireSend(db, workspaceId, params.id));
    note({ subjectId: params.id });
    const page = (cursor: string | undefined) =>
      inTransaction((db) => listSendProof(db, { workspaceId, sendId: params.id, limit, cursor }));
    return answerCsv(exportProof(page, counted(note)), "proof-of-send", { res, signal });
  },

  listContactProof: async ({ db, workspaceId, params, query }) => {
    await requireContact(db, workspaceId, params.id);
    return listContactProof(db, { workspaceId, contactId: params.id, limit: query.limit, cursor: query.cursor });
  },

  exportContactProof: async ({ workspaceId, params, inTransaction, note, res, signal }) => {
    await inTransaction((db) => requireContact(db, workspaceId, params.id));
    note({ subjectId: params.id });
    const page = (cursor: string | undefined) =>
      inTransaction((db) => listContactProof(db, { workspaceId, contactId: params.id, limit, cursor }));
    return answerCsv(exportProof(page, counted(note)), "proof-of-contact", { res, signal });
  },
} satisfies Pick<Handlers, Proof>;

/** Notes for the audit log how many lines have left. */
function counted(note: (what: { details: { lines: number } }) => void): (more: number) => void {
  let lines = 0;
  return (more) => {
    lines += more;
    note({ details: { lines } });
  };
}

async function requireSend(db: Tx, workspaceId: string, id: string): Promise<void> {
  if (!(await findSend(db, { workspaceId, id }))) throw notFound("send_not_found");
}

async function requireContact(db: Tx, workspaceId: string, id: string): Promise<void> {
  if (!(await findContact(db, { workspaceId, id }))) throw notFound("contact_not_found");
}
