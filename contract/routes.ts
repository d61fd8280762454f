import { firstRoutes } from "./first-routes.ts";
import { furtherRoutes } from "./further-routes.ts";

/**
 * The whole API. A route that is not in this table is not mounted. The OpenAPI description, the browser's typed client
 * and the test that calls every route as a stranger are made from it too.
 *
 * The workspace of a call is the API key's. For a signed-in person it is the one named by the `X-Workspace-Id` header,
 * or by the `workspaceId` query parameter where a header cannot be set, and the person must belong to it. Without
 * either it is the workspace the person used last.
 */
export const routes = { ...firstRoutes, ...furtherRoutes } as const;

export type Routes = typeof routes;
export type RouteId = keyof Routes;
