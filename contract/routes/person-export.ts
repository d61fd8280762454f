import { PersonExport } from "../person-export.ts";
import { byId, defineRoute, member } from "../route.ts";

export const personExportRoutes = {
  exportContact: defineRoute({
    heavy: true,
    method: "POST",
    path: "/api/contacts/:id/export",
    tag: "Contacts",
    summary: "Everything that is kept about one person",
    description:
      "The contact, consents, messages, flows with their steps, imports and changes, as they are stored: what a person who asks for their data gets. " +
      "It is recorded in the audit log, and only admins may ask for it. A contact in the bin is restored first.",
    auth: member("admin", "admin"),
    params: byId,
    response: PersonExport,
    audit: "contact.export",
  }),
};
