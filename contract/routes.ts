import { apiKeyRoutes } from "./routes/api-keys.ts";
import { auditRoutes } from "./routes/audit.ts";
import { binRoutes } from "./routes/bin.ts";
import { bulkJobRoutes } from "./routes/bulk-jobs.ts";
import { compatRoutes } from "./routes/compat.ts";
import { contactImportRoutes } from "./routes/contact-imports.ts";
import { contactRoutes } from "./routes/contacts.ts";
import { descriptionRoutes } from "./routes/description.ts";
import { executionRoutes } from "./routes/executions.ts";
import { fieldTestRoutes } from "./routes/field-tests.ts";
import { fieldRoutes } from "./routes/fields.ts";
import { flowDraftRoutes } from "./routes/flow-drafts.ts";
import { flowEndRoutes } from "./routes/flow-ends.ts";
import { flowFileRoutes } from "./routes/flow-files.ts";
import { flowFolderRoutes } from "./routes/flow-folders.ts";
import { flowRoutes } from "./routes/flows.ts";
import { healthRoutes } from "./routes/health.ts";
import { inboundRoutes } from "./routes/inbound.ts";
import { instanceRoutes } from "./routes/instance.ts";
import { invitationRoutes } from "./routes/invitations.ts";
import { leadStatusRoutes } from "./routes/lead-statuses.ts";
import { memberRoutes } from "./routes/members.ts";
import { messageRoutes } from "./routes/messages.ts";
import { providerRoutes } from "./routes/providers.ts";
import { queueRoutes } from "./routes/queue.ts";
import { secretRoutes } from "./routes/secrets.ts";
import { sendRoutes } from "./routes/sends.ts";
import { sessionRoutes } from "./routes/session.ts";
import { simulationRoutes } from "./routes/simulations.ts";
import { stepPreviewRoutes } from "./routes/step-previews.ts";
import { suppressionRoutes } from "./routes/suppressions.ts";
import { workspaceRoutes } from "./routes/workspaces.ts";

/**
 * The whole API. A route that is not in this table is not mounted. The OpenAPI description, the browser's typed client
 * and the test that calls every route as a stranger are made from it too.
 *
 * The workspace of a call is the API key's. For a signed-in person it is the one named by the `X-Workspace-Id` header,
 * or by the `workspaceId` query parameter where a header cannot be set, and the person must belong to it. Without
 * either it is the workspace the person used last.
 */
export const routes = {
  ...healthRoutes,
  ...descriptionRoutes,
  ...sessionRoutes,
  ...workspaceRoutes,
  ...memberRoutes,
  ...invitationRoutes,
  ...apiKeyRoutes,
  ...auditRoutes,
  ...contactRoutes,
  ...binRoutes,
  ...leadStatusRoutes,
  ...contactImportRoutes,
  ...bulkJobRoutes,
  ...fieldRoutes,
  ...fieldTestRoutes,
  ...flowRoutes,
  ...flowDraftRoutes,
  ...flowEndRoutes,
  ...flowFileRoutes,
  ...flowFolderRoutes,
  ...simulationRoutes,
  ...sendRoutes,
  ...executionRoutes,
  ...messageRoutes,
  ...stepPreviewRoutes,
  ...suppressionRoutes,
  ...queueRoutes,
  ...instanceRoutes,
  ...providerRoutes,
  ...inboundRoutes,
  ...secretRoutes,
  ...compatRoutes,
} as const;

export type Routes = typeof routes;
export type RouteId = keyof Routes;
