import type { Handlers } from "../http/handler.ts";
import { requireScopes } from "../http/principal.ts";

export const collisionRoutes = {
  findCollisions: async ({ resources, workspaceId, principal, body, signal }) => {
    requireScopes(principal, ["contacts:read", "flows:read", "executions:read"]);
    return resources.engine.findCollisions({ workspaceId, selection: body.selection, signal });
  },
} satisfies Pick<Handlers, "findCollisions">;
