import { FieldCatalogue, FieldCatalogueQuery } from "../fields.ts";
import { defineRoute, member } from "../route.ts";

export const fieldRoutes = {
  listFields: defineRoute({
    heavy: true,
    method: "GET",
    path: "/api/fields",
    tag: "Contacts",
    summary: "The fields that flows may name, with how many contacts have them",
    description:
      "Own and custom fields are counted over the newest 10,000 contacts, or fewer where those hold very much data. With `flowId` the names that the " +
      "newest 100 enrollments of that flow were started with are told too; a key then also needs `executions:read`.",
    auth: member("viewer", "contacts:read"),
    query: FieldCatalogueQuery,
    response: FieldCatalogue,
  }),
};
