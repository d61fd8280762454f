import { listFlowFolders } from "#db/queries/flow-folders.ts";
import { findFlow, listFlows } from "#db/queries/flows.ts";
import { nodeTypeDescriptions } from "#nodes/describe-types.ts";
import { addFromTemplate, duplicateFlow, renameFlow } from "../commands/copy-flow.ts";
import { toFlow, toFlowSummaries, toFlowTemplate } from "../commands/flow-answers.ts";
import { saveFlow } from "../commands/save-flow.ts";
import { changeDetails } from "../http/change-details.ts";
import { forbidden, notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";
import { holdsScope } from "../http/principal.ts";
import { flowTemplates } from "../templates/flow-templates.ts";

export const flowRoutes = {
  listFlows: async ({ db, workspaceId, principal, query }) => ({
    items: await toFlowSummaries(
      db,
      workspaceId,
      await listFlows(db, { workspaceId, userId: principal.userId, archived: query.archived === "only" }),
    ),
    folders: await listFlowFolders(db, { workspaceId }),
  }),

  getFlow: async ({ db, workspaceId, params }) => {
    const row = await findFlow(db, { workspaceId, id: params.id });
    if (!row) throw notFound("flow_not_found");
    return toFlow(db, workspaceId, row);
  },

  previewMessage: async ({ resources, workspaceId, principal, params, body }) => {
    if (principal.kind === "key" && !holdsScope(principal.scopes, "contacts:read")) {
      throw forbidden("This API key lacks the scope contacts:read.");
    }
    return resources.engine.previewMessage({ workspaceId, flowId: params.id, ...body });
  },

  createFlow: async ({ db, workspaceId, principal, role, body }) =>
    saveFlow(db, { workspaceId, authority: { principal, role }, input: body }),

  updateFlow: async ({ db, workspaceId, principal, role, params, body }) =>
    saveFlow(db, { workspaceId, authority: { principal, role }, id: params.id, input: body }),

  renameFlow: async ({ db, workspaceId, params, body, note }) => {
    const before = await findFlow(db, { workspaceId, id: params.id });
    note({ details: changeDetails(before, { name: body.name }) });
    return renameFlow(db, { workspaceId, id: params.id, name: body.name });
  },

  duplicateFlow: async ({ db, workspaceId, principal, params, body, note }) => {
    const copy = await duplicateFlow(db, { workspaceId, principal, id: params.id, name: body.name });
    note({ subjectId: copy.id, details: { copyOf: params.id } });
    return copy;
  },

  listNodeTypes: async () => ({ items: [...nodeTypeDescriptions] }),

  listFlowTemplates: async () => ({ items: flowTemplates.map(toFlowTemplate) }),

  createFlowFromTemplate: async ({ db, workspaceId, principal, role, body, note }) => {
    const flow = await addFromTemplate(db, { workspaceId, authority: { principal, role }, ...body });
    note({ subjectId: flow.id, details: { template: body.templateId } });
    return flow;
  },
} satisfies Pick<
  Handlers,
  | "listFlows"
  | "getFlow"
  | "previewMessage"
  | "createFlow"
  | "updateFlow"
  | "renameFlow"
  | "duplicateFlow"
  | "listNodeTypes"
  | "listFlowTemplates"
  | "createFlowFromTemplate"
>;
