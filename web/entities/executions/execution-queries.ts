import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { Execution } from "#contract/executions.ts";
import { type ApiInput, api, apiUrl } from "#web/lib/api.ts";
import { executionKeys, type HistoryScope, queryOf } from "./execution-keys.ts";
import { isActive } from "./execution-state.ts";

/** How often what may change is asked for again while it is looked at; a tab in the background asks nothing. */
export const liveEvery = 2000;
const pageSize = 50;

/** Where the file of all that a history lists is fetched. */
export const exportUrl = (scope: HistoryScope): string => apiUrl("exportExecutions", { query: queryOf(scope) });

/** A page of executions with the moment of its request. Answers overtake each other; the one asked for last is right. */
export interface ExecutionPage {
  /** `performance.now()` when the request left. */
  askedAt: number;
  items: Execution[];
  nextCursor: string | null;
}

const listPage = async (query: ApiInput<"listExecutions">["query"], signal: AbortSignal): Promise<ExecutionPage> => {
  const askedAt = performance.now();
  return { askedAt, ...(await api("listExecutions", { query, signal })) };
};

/** The pages as they were when they were scrolled to; `newestQuery` and `rowsQuery` keep what they show true. */
export const historyQuery = (scope: HistoryScope) =>
  infiniteQueryOptions({
    queryKey: executionKeys.history(scope),
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
    queryKey: executionKeys.newest(scope),
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
    queryKey: executionKeys.rows(scope),
    queryFn: ({ signal }) => {
      const ids = nextIds();
      if (ids.length === 0) return { askedAt: performance.now(), items: [], nextCursor: null };
      return listPage({ ids: ids.join(","), limit: ids.length }, signal);
    },
    refetchInterval: liveEvery,
    gcTime: 0,
  });

export const executionQuery = (id: string) =>
  queryOptions({
    queryKey: executionKeys.one(id),
    queryFn: ({ signal }) => api("getExecution", { params: { id }, signal }),
    refetchInterval: ({ state }) => (state.data && !isActive(state.data.status) ? false : liveEvery),
  });

/** `ended`: nothing is added to the record of an execution that has ended. */
export const stepsQuery = (id: string, ended: boolean) =>
  queryOptions({
    queryKey: executionKeys.steps(id, ended),
    queryFn: ({ signal }) => api("listSteps", { params: { id }, signal }),
    refetchInterval: ended ? false : liveEvery,
    // While it changes from running to ended the steps stay on screen; those of another execution never do.
    placeholderData: (before, query) => (query?.queryKey[2] === id ? before : undefined),
  });

/** The executions of a contact, newest first; read again while one of them is running. */
export const contactExecutionsQuery = (contactId: string) =>
  infiniteQueryOptions({
    queryKey: executionKeys.ofContact(contactId),
    queryFn: ({ pageParam, signal }) => api("listExecutions", { query: { contactId, cursor: pageParam, limit: 20 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: (query) => (query.state.data?.pages.some((page) => page.items.some(({ status }) => isActive(status))) ? 5000 : false),
  });

/** How many executions of a contact are running; null when there are more than one page can hold. */
export const runningExecutionsQuery = (contactId: string) =>
  queryOptions({
    queryKey: executionKeys.runningOf(contactId),
    queryFn: async ({ signal }) => {
      const page = await api("listExecutions", { query: { contactId, status: "pending,running", limit: 200 }, signal });
      return page.nextCursor === null ? page.items.length : null;
    },
    staleTime: 0,
  });
