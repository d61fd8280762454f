import { exportAsImported, exportFlow } from "../commands/export-flow.ts";
import { importFlow, reportImport } from "../commands/import-flow.ts";
import type { Handlers } from "../http/handler.ts";

export const flowFileRoutes = {
  exportFlow: async ({ db, workspaceId, params, query }) => {
    const of = { workspaceId, flowId: params.id, of: query.of };
    return query.as === "imported" ? exportAsImported(db, of) : exportFlow(db, of);
  },

  importFlow: async ({ db, workspaceId, principal, body }) => importFlow(db, { workspaceId, principal, ...body }),

  getImportReport: async ({ db, workspaceId, principal, params }) => ({
    lines: await reportImport(db, { workspaceId, flowId: params.id, principal }),
  }),
} satisfies Pick<Handlers, "exportFlow" | "importFlow" | "getImportReport">;
