import { findExecution, listExecutions } from "#db/queries/executions.ts";
import { listSteps } from "#db/queries/steps.ts";
import { notFound } from "../errors.ts";
import { labelOfNodeType as labelOfType } from "../flow-answers.ts";
import { pageOrRefusal } from "../http/bad-cursor.ts";
import type { Handlers } from "../http/handler.ts";

export const executionRoutes = {
  listExecutions: async ({ db, workspaceId, query }) => pageOrRefusal(listExecutions(db, { workspaceId, labelOfType, ...query })),

  getExecution: async ({ db, workspaceId, params }) => {
    const execution = await findExecution(db, { workspaceId, id: params.id, labelOfType });
    if (!execution) throw notFound("execution_not_found");
    return execution;
  },

  listSteps: async ({ db, workspaceId, params }) => {
    const items = await listSteps(db, { workspaceId, executionId: params.id, labelOfType });
    if (!items) throw notFound("execution_not_found");
    return { items };
  },
} satisfies Pick<Handlers, "listExecutions" | "getExecution" | "listSteps">;
