import { findImport } from "#db/queries/contact-imports.ts";
import { importContacts } from "../commands/import-contacts.ts";
import { conflict, notFound, refused } from "../errors.ts";
import type { Handlers } from "../http/handler.ts";
import { countryOf } from "./contacts.ts";

export const contactImportRoutes = {
  importContacts: async ({ inTransaction, workspaceId, principal, query, req, res, note }) => {
    const country = await inTransaction((db) => countryOf(db, workspaceId, principal));
    const outcome = await importContacts({ workspaceId, userId: principal.userId, query, country, body: req, inTransaction });
    if (!outcome) throw conflict("conflict", "This importId is already in use. Make a new one for each file.");
    if (outcome.refusal) {
      // The rest of the file is not wanted: without this the connection would carry it to its end.
      res.set("Connection", "close");
      throw refused("import_invalid", outcome.refusal.message, outcome.refusal.problems);
    }
    const { id, rowsRead, created, updated } = outcome.result;
    note({ subjectId: id, details: { rowsRead, created, updated, repeated: outcome.repeated } });
    return outcome.result;
  },

  getContactImport: async ({ db, workspaceId, params }) => {
    const found = await findImport(db, { workspaceId, id: params.id });
    if (!found) throw notFound();
    return found;
  },
} satisfies Pick<Handlers, "importContacts" | "getContactImport">;
