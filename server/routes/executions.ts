import type { Tx } from "#db/client.ts";
import { listMoves } from "#db/queries/execution-moves.ts";
import { findExecution, listExecutions } from "#db/queries/executions.ts";
import { findFlow } from "#db/queries/flows.ts";
import { countSteps } from "#db/queries/step-counts.ts";
import { listStepLog } from "#db/queries/step-log.ts";
import { listSteps } from "#db/queries/steps.ts";
import { answerCsv } from "../commands/csv-file.ts";
import { exportExecutions } from "../commands/export-executions.ts";
import { exportSteps } from "../commands/export-steps.ts";
import { labelOfNodeType as labelOfType } from "../commands/flow-answers.ts";
import { requireSearchable } from "../commands/require-readable.ts";
import type { Resources } from "../compose/resources.ts";
import { notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

export const executionRoutes = {
  listExecutions: async ({ db, workspaceId, principal, query, resources: { linkRun } }) => {
    requireSearchable(principal, query);
    return listExecutions(db, { workspaceId, labelOfType, linkRun, ...query });
  },

  exportExecutions: async ({ workspaceId, principal, query, resources: { linkRun }, inTransaction, note, res, signal }) => {
    requireSearchable(principal, query);
    const { workspaceId: _, ...filter } = query;
    let executions = 0;
    const onPage = (more: number) => {
      executions += more;
      note({ details: { executions } });
    };
    const csv = exportExecutions({ ...filter, workspaceId, labelOfType, linkRun, read: inTransaction, onPage });
    return answerCsv(csv, "enrollments", { res, signal });
  },

  getExecution: async ({ resources, db, workspaceId, params }) => readExecution(resources, db, workspaceId, params.id),

  cancelExecution: async ({ resources, db, workspaceId, params, note }) => {
    await readExecution(resources, db, workspaceId, params.id);
    const { inFlight } = await resources.engine.cancelExecution({ workspaceId, executionId: params.id });
    note({ details: { inFlight } });
    return { execution: await readExecution(resources, db, workspaceId, params.id), inFlight };
  },

  previewExecutionRetry: async ({ resources, db, workspaceId, params }) => {
    await readExecution(resources, db, workspaceId, params.id);
    return resources.engine.previewRetry({ workspaceId, executionId: params.id });
  },

  retryExecution: async ({ resources, db, workspaceId, params }) => {
    await readExecution(resources, db, workspaceId, params.id);
    await resources.engine.retry({ workspaceId, executionId: params.id });
    return readExecution(resources, db, workspaceId, params.id);
  },

  listSteps: async ({ db, workspaceId, params }) => {
    const items = await listSteps(db, { workspaceId, executionId: params.id, labelOfType });
    if (!items) throw notFound("execution_not_found");
    return { items, moves: await listMoves(db, { workspaceId, executionId: params.id }) };
  },

  listStepLog: async ({ db, workspaceId, principal, query }) => {
    requireSearchable(principal, query);
    return listStepLog(db, { workspaceId, labelOfType, ...query });
  },

  countFlowSteps: async ({ db, workspaceId, params, query }) => {
    if (!(await findFlow(db, { workspaceId, id: params.id }))) throw notFound("flow_not_found");
    return countSteps(db, { workspaceId, flowId: params.id, ...query });
  },

  exportStepLog: async ({ workspaceId, principal, query, inTransaction, note, res, signal }) => {
    requireSearchable(principal, query);
    const { workspaceId: _, ...filter } = query;
    let steps = 0;
    const onPage = (more: number) => {
      steps += more;
      note({ details: { steps } });
    };
    return answerCsv(exportSteps({ ...filter, workspaceId, labelOfType, read: inTransaction, onPage }), "steps", { res, signal });
  },
} satisfies Pick<
  Handlers,
  | "listExecutions"
  | "exportExecutions"
  | "getExecution"
  | "listSteps"
  | "cancelExecution"
  | "previewExecutionRetry"
  | "retryExecution"
  | "listStepLog"
  | "countFlowSteps"
  | "exportStepLog"
>;

async function readExecution({ linkRun }: Pick<Resources, "linkRun">, db: Tx, workspaceId: string, id: string) {
  const execution = await findExecution(db, { workspaceId, id, labelOfType, linkRun });
  if (!execution) throw notFound("execution_not_found");
  return execution;
}
