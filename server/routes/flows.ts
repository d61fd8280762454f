import { findFlowVersion } from "#db/queries/flow-versions.ts";
import { findFlow, listFlowFolders, listFlows } from "#db/queries/flows.ts";
import { toFlow, toFlowSummary } from "../commands/flow-answers.ts";
import { saveFlow } from "../commands/save-flow.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

export const flowRoutes = {
  listFlows: async ({ db, workspaceId }) => ({
    items: (await listFlows(db, { workspaceId })).map(toFlowSummary),
    folders: await listFlowFolders(db, { workspaceId }),
  }),

  getFlow: async ({ db, workspaceId, params }) => {
    const row = await findFlow(db, { workspaceId, id: params.id });
    if (!row) throw notFound("flow_not_found");
    return toFlow(row);
  },

  getFlowVersion: async ({ db, workspaceId, params }) => {
    const version = await findFlowVersion(db, { workspaceId, id: params.id });
    if (!version) throw notFound();
    return version;
  },

  createFlow: async ({ db, workspaceId, body }) => saveFlow(db, { workspaceId, input: body }),

  updateFlow: async ({ db, workspaceId, params, body }) => saveFlow(db, { workspaceId, id: params.id, input: body }),
} satisfies Pick<Handlers, "listFlows" | "getFlow" | "getFlowVersion" | "createFlow" | "updateFlow">;
