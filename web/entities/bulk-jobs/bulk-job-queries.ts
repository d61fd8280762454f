import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { type BulkOutcome, isBulkJobOver } from "#contract/bulk-jobs.ts";
import { api } from "#web/lib/api.ts";

const bulkJobKeys = {
  all: ["bulk-jobs"],
  active: ["bulk-jobs", "active"],
  list: ["bulk-jobs", "list"],
  one: (id: string) => ["bulk-jobs", "one", id],
  items: (id: string, outcome: BulkOutcome | "all", done: number) => ["bulk-jobs", "items", id, outcome, done],
} as const;

export const refreshBulkJobs = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: bulkJobKeys.all });

const whileRunning = 1000;
/** How often somebody else's job is looked for. */
const otherwise = 30_000;

/** The jobs of the workspace that are not over, also those of other people and of tabs that were closed. */
export const activeBulkJobsQuery = queryOptions({
  queryKey: bulkJobKeys.active,
  queryFn: async ({ signal }) => (await api("listBulkJobs", { query: { active: "true", limit: 20 }, signal })).items,
  refetchInterval: ({ state }) => ((state.data?.length ?? 0) > 0 ? whileRunning : otherwise),
  staleTime: 0,
});

export const bulkJobsQuery = infiniteQueryOptions({
  queryKey: bulkJobKeys.list,
  queryFn: ({ pageParam, signal }) => api("listBulkJobs", { query: { cursor: pageParam, limit: 25 }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.nextCursor ?? undefined,
  refetchInterval: ({ state }) =>
    state.data?.pages.some((page) => page.items.some((job) => !isBulkJobOver(job.state))) ? whileRunning : false,
  staleTime: 0,
});

/** A job, read again and again until it is over. */
export const bulkJobQuery = (id: string) =>
  queryOptions({
    queryKey: bulkJobKeys.one(id),
    queryFn: ({ signal }) => api("getBulkJob", { params: { id }, signal }),
    refetchInterval: ({ state }) => (state.data && isBulkJobOver(state.data.state) ? false : whileRunning),
    staleTime: 0,
  });

/** What became of the contacts of a job. `done` is how many have a result: with more of them the list is another one. */
export const bulkJobItemsQuery = (id: string, outcome: BulkOutcome | "all", done: number) =>
  infiniteQueryOptions({
    queryKey: bulkJobKeys.items(id, outcome, done),
    queryFn: ({ pageParam, signal }) =>
      api("listBulkJobItems", {
        params: { id },
        query: { cursor: pageParam, limit: 50, ...(outcome !== "all" && { outcome }) },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
