import { listFlowBin } from "#db/queries/flow-ends.ts";
import { findFlow } from "#db/queries/flows.ts";
import { previewArchive, refuseStarted, restoreFlow, unarchiveFlow } from "../commands/end-flow.ts";
import { forbidden, notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";
import { actorOf, holdsScope } from "../http/principal.ts";

export const flowEndRoutes = {
  previewArchive: ({ db, workspaceId, params }) => previewArchive(db, { workspaceId, id: params.id }),

  archiveFlow: async ({ db, resources, workspaceId, principal, params, body, note }) => {
    if (body.people === "end" && principal.kind === "key" && !holdsScope(principal.scopes, "flows:send")) {
      throw forbidden("This API key lacks the scope flows:send, which ends contacts who are in a flow.");
    }
    // Read as the member, which proves that the flow is in the member's workspace.
    const flow = await findFlow(db, { workspaceId, id: params.id });
    if (!flow) throw notFound("flow_not_found");
    const answer = await resources.engine.archiveFlow({ workspaceId, flowId: flow.id, people: body.people, actor: actorOf(principal) });
    note({ details: { people: body.people, stopped: answer.stopped } });
    return { success: true as const, ...answer };
  },

  unarchiveFlow: ({ db, workspaceId, params }) => unarchiveFlow(db, { workspaceId, id: params.id }),

  deleteFlow: async ({ db, resources, workspaceId, principal, params, note }) => {
    const flow = await findFlow(db, { workspaceId, id: params.id });
    if (!flow) throw notFound("flow_not_found");
    if (flow.archivedAt === null) await refuseStarted(db, { workspaceId, id: flow.id });
    await resources.engine.deleteFlow({ workspaceId, flowId: flow.id, actor: actorOf(principal) });
    note({ subjectId: flow.id, subjectName: flow.name });
    return { success: true as const };
  },

  listFlowBin: async ({ db, workspaceId }) => ({ items: await listFlowBin(db, { workspaceId }) }),

  restoreFlow: ({ db, workspaceId, params }) => restoreFlow(db, { workspaceId, id: params.id }),
} satisfies Pick<Handlers, "previewArchive" | "archiveFlow" | "unarchiveFlow" | "deleteFlow" | "listFlowBin" | "restoreFlow">;
