import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import type { LoggedStep } from "#contract/executions.ts";
import { type ApiInput, api, apiUrl } from "#web/lib/api.ts";
import { liveEvery } from "./execution-queries.ts";

/** Which steps a log shows, as the API takes it. */
export type StepLogScope = Omit<NonNullable<ApiInput<"listStepLog">["query"]>, "cursor" | "limit">;

interface StepLogPage {
  items: LoggedStep[];
  nextCursor: string | null;
}

const pageSize = 50;

/** Under the key of executions, so that whoever changes one has its steps read again. */
const keyOf = (kind: string, scope: StepLogScope) => ["executions", "step-log", kind, scope] as const;

/** The pages as they were when they were scrolled to. */
export const stepLogQuery = (scope: StepLogScope) =>
  infiniteQueryOptions({
    queryKey: keyOf("pages", scope),
    queryFn: ({ pageParam, signal }): Promise<StepLogPage> =>
      api("listStepLog", { query: { ...scope, limit: pageSize, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    gcTime: 0,
  });

/** The top of the log as it is now. */
export const newestStepsQuery = (scope: StepLogScope) =>
  queryOptions({
    queryKey: keyOf("newest", scope),
    queryFn: ({ signal }): Promise<StepLogPage> => api("listStepLog", { query: { ...scope, limit: pageSize }, signal }),
    refetchInterval: liveEvery,
    gcTime: 0,
  });

export const stepExportUrl = (scope: StepLogScope): string => apiUrl("exportStepLog", { query: scope });
