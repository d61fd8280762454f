import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { ExecutionStatus } from "#contract/executions.ts";
import type { Answer } from "#web/features/executions/history-rows.ts";
import { type ApiInput, api } from "#web/lib/api.ts";
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

/** A page and when it was asked for: see live-rows. */
const listPage = async (query: ApiInput<"listExecutions">["query"], signal: AbortSignal): Promise<Answer> => {
  const askedAt = performance.now();
  return { askedAt, ...(await api("listExecutions", { query, signal })) };
};

/** The pages as they were when they were scrolled to; `newestQuery` and `rowsQuery` keep what they show true. */
export const historyQuery = (scope: HistoryScope) =>
  infiniteQueryOptions({
    queryKey: ["executions", "history", queryOf(scope)],
    queryFn: ({ pageParam, signal }) => listPage({ ...queryOf(scope), limit: pageSize, cursor: pageParam }, signal),
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
    queryFn: ({ signal }) => listPage({ ...queryOf(scope), limit: pageSize }, signal),
    refetchInterval: liveEvery,
    gcTime: 0,
  });

/**
 * The present state of some rows, without the filter they were found by: a row that no longer matches says so.
 * Which rows is asked at each round, so that the query stays one although they change.
 */
export const rowsQuery = (scope: HistoryScope, nextIds: () => string[]) =>
  queryOptions({
    queryKey: ["executions", "rows", queryOf(scope)],
    queryFn: ({ signal }) => {
      const ids = nextIds();
      if (ids.length === 0) return { askedAt: performance.now(), items: [], nextCursor: null };
      return listPage({ ids: ids.join(","), limit: ids.length }, signal);
    },
    refetchInterval: liveEvery,
    gcTime: 0,
  });

/** The last sends of a flow, to narrow its history to one of them. */
export const sendChoicesQuery = (flowId: string) =>
  queryOptions({
    queryKey: ["sends", "choices", flowId],
    queryFn: ({ signal }) => api("listSends", { query: { flowId, limit: 50 }, signal }),
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

/** A version never changes, so it is read once. */
export const flowVersionQuery = (id: string) =>
  queryOptions({
    queryKey: ["flows", "version", id],
    queryFn: ({ signal }) => api("getFlowVersion", { params: { id }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
