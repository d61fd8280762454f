import { Execution } from "../executions.ts";
import { byId, defineRoute, member } from "../route.ts";
import { RetryPreview } from "../send-changes.ts";

export const executionRetryRoutes = {
  previewExecutionRetry: defineRoute({
    method: "GET",
    path: "/api/executions/:id/retry",
    tag: "Executions",
    summary: "What retrying this execution would send again",
    auth: member("viewer", "executions:read"),
    params: byId,
    response: RetryPreview,
  }),
  retryExecution: defineRoute({
    rate: "send",
    method: "POST",
    path: "/api/executions/:id/retry",
    tag: "Executions",
    summary: "Retry one failed execution from the step that failed",
    auth: member("editor", "flows:send"),
    params: byId,
    response: Execution,
    audit: "execution.retry",
  }),
};
