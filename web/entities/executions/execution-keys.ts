import type { ExecutionFilter, ExecutionStatus } from "#contract/executions.ts";
import type { Missed } from "./missed-words.ts";

/** Which executions a history shows: those of a flow, a send or both, narrowed by the person. */
export interface HistoryScope {
  flowId?: string;
  sendId?: string;
  status?: readonly ExecutionStatus[];
  search?: string;
  missed?: Missed;
  /** All further conditions, as the API takes them. */
  narrowing?: Omit<ExecutionFilter, "flowId" | "sendId" | "status" | "search" | "missed">;
}

/** The scope as the API takes it. */
export const queryOf = (scope: HistoryScope) => ({
  ...scope.narrowing,
  flowId: scope.flowId,
  sendId: scope.sendId,
  search: scope.search || undefined,
  missed: scope.missed,
  status: scope.status?.length ? scope.status.join(",") : undefined,
});

/** The keys stand apart from the queries, because the first page refreshes executions and reads none. */
export const executionKeys = {
  all: ["executions"],
  history: (scope: HistoryScope) => ["executions", "history", queryOf(scope)],
  newest: (scope: HistoryScope) => ["executions", "newest", queryOf(scope)],
  rows: (scope: HistoryScope) => ["executions", "rows", queryOf(scope)],
  one: (id: string) => ["executions", "one", id],
  steps: (id: string, ended: boolean) => ["executions", "steps", id, ended],
  ofContact: (contactId: string) => ["executions", "contact", contactId],
  runningOf: (contactId: string) => ["executions", "running", contactId],
} as const;
