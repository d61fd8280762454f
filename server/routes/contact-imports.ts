import { listImportLines } from "#db/queries/contact-import-changes.ts";
import { findImport, listImports } from "#db/queries/contact-imports.ts";
import { importContacts } from "../commands/import-contacts.ts";
import { undoImport } from "../commands/undo-import.ts";
import { conflict, notFound, refused } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";
import { countryOf } from "./contacts.ts";

export const contactImportRoutes = {
  importContacts: async ({ inTransaction, workspaceId, principal, body, file, note }) => {
    const country = await inTransaction((db) => countryOf(db, workspaceId, principal));
    const outcome = await importContacts({ workspaceId, userId: principal.userId, settings: body, country, file, inTransaction });
    if (!outcome) throw conflict("conflict", "This importId is already in use. Make a new one for each file.");
    if (outcome.refusal) {
      throw refused(outcome.refusal.code, outcome.refusal.message, outcome.refusal.problems);
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

  listContactImports: async ({ db, workspaceId, query }) => listImports(db, { workspaceId, ...query }),

  listImportLines: async ({ db, workspaceId, params, query }) => {
    if (!(await findImport(db, { workspaceId, id: params.id }))) throw notFound();
    return listImportLines(db, { workspaceId, importId: params.id, ...query });
  },

  undoContactImport: async ({ inTransaction, resources, workspaceId, principal, params, note }) => {
    const actor = { id: principal.userId, name: principal.name };
    const deleteContacts = (ids: string[]) =>
      resources.engine.deleteContacts({ workspaceId, selection: { type: "ids", ids }, actor }).then(({ changed }) => changed);
    const toBin: string[] = [];
    const binAfterCommit = (ids: string[]) => void toBin.push(...ids);
    const undone = await inTransaction((db) => undoImport({ db, workspaceId, id: params.id, deleteContacts, binAfterCommit }));
    if (!undone) throw notFound();
    if (toBin.length > 0) await deleteContacts(toBin);
    note({ subjectId: params.id, details: undone.undone ?? {} });
    return undone;
  },
} satisfies Pick<Handlers, "importContacts" | "getContactImport" | "listContactImports" | "listImportLines" | "undoContactImport">;
