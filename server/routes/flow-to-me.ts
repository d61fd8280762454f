import { sendFlowToMe } from "../commands/send-flow-to-me.ts";
import { forbidden } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

export const flowToMeRoutes = {
  sendFlowToMe: async ({ resources, workspaceId, principal, body, note, signal }) => {
    if (principal.kind !== "user") throw forbidden("API keys have no address to send to: sign in as a person.");
    note({ subjectId: body.flowId, details: { step: body.nodeId } });
    const { ownerDb, providers, engine } = resources;
    return sendFlowToMe({ ownerDb, providers, engine, workspaceId, me: principal }, body, signal);
  },
} satisfies Pick<Handlers, "sendFlowToMe">;
