import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { ExecutionStatus } from "#contract/executions.ts";
import { api } from "#web/lib/api.ts";
import { isActive } from "./execution-state.ts";

/** Which executions a history shows: those of a flow, a send or both, narrowed by the person. */
export interface HistoryScope {
  flowId?: string;
  sendId?: string;
  status?: readonly ExecutionStatus[];
  search?: string;
}

/** How often what may change is asked for again while it is looked at; a tab in the background asks nothing. */
export const liveEvery = 2000;
const pageSize = 50;

const queryOf = (scope: HistoryScope) => ({
  flowId: scope.flowId,
  sendId: scope.sendId,
  search: scope.search || undefined,
  status: scope.status?.length ? scope.status.join(",") : undefined,
});

/** The pages as they were when they were scrolled to; `newestQuery` and `rowsQuery` keep what they show true. */
export const historyQuery = (scope: HistoryScope) =>
  infiniteQueryOptions({
    queryKey: ["executions", "history", queryOf(scope)],
    queryFn: ({ pageParam, signal }) => api("listExecutions", { query: { ...queryOf(scope), limit: pageSize, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
    // Coming back to the tab must not re-read ten pages under somebody's eyes; leaving the page and returning does.
    refetchOnWindowFocus: false,
    gcTime: 0,
  });

export const newestQuery = (scope: HistoryScope) =>
  queryOptions({
    queryKey: ["executions", "newest", queryOf(scope)],
    queryFn: ({ signal }) => api("listExecutions", { query: { ...queryOf(scope), limit: pageSize }, signal }),
    refetchInterval: liveEvery,
    gcTime: 0,
  });

/** The present state of some rows, without the filter they were found by: a row that no longer matches says so. */
export const rowsQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ["executions", "rows", ids],
    queryFn: ({ signal }) => api("listExecutions", { query: { ids: ids.join(","), limit: 100 }, signal }),
    refetchInterval: liveEvery,
    enabled: ids.length > 0,
    gcTime: 0,
  });

export const executionQuery = (id: string) =>
  queryOptions({
    queryKey: ["executions", "one", id],
    queryFn: ({ signal }) => api("getExecution", { params: { id }, signal }),
    refetchInterval: ({ state }) => (state.data && !isActive(state.data.status) ? false : liveEvery),
  });

/** `ended`: nothing is added to the record of an execution that has ended. */
export const stepsQuery = (id: string, ended: boolean) =>
  queryOptions({
    queryKey: ["executions", "steps", id, ended],
    queryFn: ({ signal }) => api("listSteps", { params: { id }, signal }),
    refetchInterval: ended ? false : liveEvery,
    // While it changes from running to ended the steps stay on screen; those of another execution never do.
    placeholderData: (before, query) => (query?.queryKey[2] === id ? before : undefined),
  });

/** Delivery reports arrive after the execution has ended, so messages are asked for again, only less often. */
export const messagesQuery = (executionId: string, ended: boolean) =>
  queryOptions({
    queryKey: ["executions", "messages", executionId],
    queryFn: ({ signal }) => api("listMessages", { query: { executionId, limit: 200 }, signal }),
    refetchInterval: ended ? 10_000 : liveEvery,
  });
