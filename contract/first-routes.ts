import { bulkJobRoutes } from "./routes/bulk-jobs.ts";
import { contactRoutes } from "./routes/contacts.ts";
import { executionRoutes } from "./routes/executions.ts";
import { fieldRoutes } from "./routes/fields.ts";
import { flowPeopleRoutes } from "./routes/flow-people.ts";
import { flowRoutes } from "./routes/flows.ts";
import { healthRoutes } from "./routes/health.ts";
import { instanceRoutes } from "./routes/instance.ts";
import { leadStatusRoutes } from "./routes/lead-statuses.ts";
import { messageRoutes } from "./routes/messages.ts";
import { sendRoutes } from "./routes/sends.ts";
import { sessionRoutes } from "./routes/session.ts";
import { workspaceRoutes } from "./routes/workspaces.ts";

/** The routes that the first pages call, and those whose address alone is asked for. The browser loads them with every page. */
export const firstRoutes = {
  ...healthRoutes,
  ...sessionRoutes,
  ...workspaceRoutes,
  ...contactRoutes,
  ...leadStatusRoutes,
  ...bulkJobRoutes,
  ...fieldRoutes,
  ...flowRoutes,
  ...flowPeopleRoutes,
  ...sendRoutes,
  ...executionRoutes,
  ...messageRoutes,
  ...instanceRoutes,
} as const;
