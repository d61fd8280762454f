import { fieldCatalogue } from "#db/queries/field-catalogue.ts";
import { findFlow } from "#db/queries/flows.ts";
import { forbidden, notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";
import { holdsScope } from "../http/principal.ts";

export const fieldRoutes = {
  listFields: async ({ db, workspaceId, principal, query: { flowId } }) => {
    if (flowId === undefined) return fieldCatalogue(db, { workspaceId });
    if (principal.kind === "key" && !holdsScope(principal.scopes, "executions:read")) {
      throw forbidden("This API key lacks the scope executions:read.");
    }
    if (!(await findFlow(db, { workspaceId, id: flowId }))) throw notFound("flow_not_found");
    return fieldCatalogue(db, { workspaceId, flowId });
  },
} satisfies Pick<Handlers, "listFields">;
