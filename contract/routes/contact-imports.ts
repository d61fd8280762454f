import { z } from "zod";
import { ImportSettings, importLimits } from "../import-settings.ts";
import { ContactImport, ImportLine } from "../imports.ts";
import { PageQuery, pageOf } from "../pagination.ts";
import { byId, defineRoute, member } from "../route.ts";

export const contactImportRoutes = {
  importContacts: defineRoute({
    heavy: true,
    method: "POST",
    path: "/api/contacts/import",
    tag: "Contacts",
    summary: "Import a CSV file",
    description:
      "A form (multipart/form-data) of two parts: `settings`, JSON as shown, and `file`. The whole file is checked before a row is written. " +
      "A column that seems to be about consent and is not taken as such is asked about: the answer `consent_unclear` names it. " +
      "Two files of a workspace are imported at once, and a few in all: beyond that the answer is 429 or 503, with Retry-After.",
    auth: member("editor", "contacts:write"),
    kind: "upload",
    body: ImportSettings,
    response: ContactImport,
    bodyLimit: importLimits.bytes,
    audit: "contacts.import",
  }),
  getContactImport: defineRoute({
    method: "GET",
    path: "/api/contact-imports/:id",
    tag: "Contacts",
    summary: "An import and its progress",
    auth: member("viewer", "contacts:read"),
    params: byId,
    response: ContactImport,
  }),
  listContactImports: defineRoute({
    method: "GET",
    path: "/api/contact-imports",
    tag: "Contacts",
    summary: "The imports of this workspace, the newest first",
    auth: member("viewer", "contacts:read"),
    query: z.strictObject(PageQuery.shape),
    response: pageOf(ContactImport),
  }),
  listImportLines: defineRoute({
    method: "GET",
    path: "/api/contact-imports/:id/lines",
    tag: "Contacts",
    summary: "Whom an import kept apart, and which values it replaced",
    auth: member("viewer", "contacts:read"),
    params: byId,
    query: z.strictObject(PageQuery.shape),
    response: pageOf(ImportLine),
  }),
  undoContactImport: defineRoute({
    heavy: true,
    method: "POST",
    path: "/api/contact-imports/:id/undo",
    tag: "Contacts",
    summary: "Take an import back: delete what it added, put back what it changed",
    description:
      "For 30 days. Contacts and values that were changed since the import stay as they are and are counted. Opt-outs stay. Executions of the deleted contacts end.",
    auth: member("editor", "contacts:write"),
    params: byId,
    response: ContactImport,
    audit: "contacts.import_undo",
  }),
};
