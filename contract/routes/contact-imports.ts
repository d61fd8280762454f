import { ContactImport, ImportQuery, importLimits } from "../imports.ts";
import { byId, defineRoute, member } from "../route.ts";

export const contactImportRoutes = {
  importContacts: defineRoute({
    method: "POST",
    path: "/api/contacts/import",
    tag: "Contacts",
    summary: "Import a CSV file (the body), streamed",
    auth: member("editor", "contacts:write"),
    kind: "upload",
    query: ImportQuery,
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
};
