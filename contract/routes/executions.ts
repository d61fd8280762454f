import { z } from "zod";
import { CancelResult, Execution, ExecutionListQuery, Step } from "../executions.ts";
import { pageOf } from "../pagination.ts";
import { byId, defineRoute, member } from "../route.ts";
import { RetryPreview } from "../sends.ts";

export const executionRoutes = {
  listExecutions: defineRoute({
    method: "GET",
    path: "/api/executions",
    tag: "Executions",
    summary: "Executions of a flow, contact or send, newest first",
    auth: member("viewer", "executions:read"),
    query: ExecutionListQuery,
    response: pageOf(Execution),
  }),
  getExecution: defineRoute({
    method: "GET",
    path: "/api/executions/:id",
    tag: "Executions",
    summary: "One execution",
    auth: member("viewer", "executions:read"),
    params: byId,
    response: Execution,
  }),
  cancelExecution: defineRoute({
    method: "POST",
    path: "/api/executions/:id/cancel",
    tag: "Executions",
    summary: "End one execution where it stands",
    auth: member("editor", "flows:send"),
    params: byId,
    response: CancelResult,
    audit: "execution.cancel",
  }),
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
    method: "POST",
    path: "/api/executions/:id/retry",
    tag: "Executions",
    summary: "Retry one failed execution from the step that failed",
    auth: member("editor", "flows:send"),
    params: byId,
    response: Execution,
    audit: "execution.retry",
  }),
  listSteps: defineRoute({
    method: "GET",
    path: "/api/executions/:id/steps",
    tag: "Executions",
    summary: "The steps of an execution, in order",
    auth: member("viewer", "executions:read"),
    params: byId,
    response: z.object({ items: z.array(Step) }),
  }),
};
