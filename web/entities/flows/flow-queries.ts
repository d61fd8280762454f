import { type QueryClient, queryOptions } from "@tanstack/react-query";
import type { StepCountQuery } from "#contract/step-counts.ts";
import { api } from "#web/lib/api.ts";

export const flowKeys = {
  all: ["flows"],
  list: ["flows", "list"],
  one: (id: string) => ["flows", "one", id],
  version: (id: string) => ["flows", "version", id],
  versions: (id: string) => ["flows", "versions", id],
  counts: (id: string, of: StepCountQuery) => ["flows", "counts", id, of],
  importReport: (id: string) => ["flows", "import-report", id],
  templates: ["flow-templates"],
} as const;

/** All flows of the workspace and their folders. */
export const flowsQuery = queryOptions({
  queryKey: flowKeys.list,
  queryFn: ({ signal }) => api("listFlows", { signal }),
});

export const archivedFlowsQuery = queryOptions({
  queryKey: ["flows", "archived"],
  queryFn: ({ signal }) => api("listFlows", { query: { archived: "only" }, signal }),
});

/** Deleted flows that can still be restored. */
export const flowBinQuery = queryOptions({
  queryKey: ["flows", "bin"],
  queryFn: ({ signal }) => api("listFlowBin", { signal }),
});

/** The same list, kept up to date while it is on screen: its counts change with every send. */
export const liveFlowsQuery = queryOptions({ ...flowsQuery, refetchInterval: 10_000 });

export const flowQuery = (id: string) =>
  queryOptions({ queryKey: flowKeys.one(id), queryFn: ({ signal }) => api("getFlow", { params: { id }, signal }) });

/** A version never changes, so it is read once. */
export const flowVersionQuery = (id: string) =>
  queryOptions({
    queryKey: flowKeys.version(id),
    queryFn: ({ signal }) => api("getFlowVersion", { params: { id }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The latest versions, to narrow a list to one of them. */
export const flowVersionsQuery = (id: string) =>
  queryOptions({
    queryKey: flowKeys.versions(id),
    queryFn: ({ signal }) => api("listFlowVersions", { params: { id }, query: { limit: 100 }, signal }),
  });

/**
 * The numbers of its steps. They cost a look at every step that was taken, seconds where there are millions, so the answer
 * to how long it took sets when they are asked for again.
 */
export const stepCountsQuery = (id: string, of: StepCountQuery) =>
  queryOptions({
    queryKey: flowKeys.counts(id, of),
    queryFn: async ({ signal }) => {
      const askedAt = performance.now();
      const { steps } = await api("countFlowSteps", { params: { id }, query: of, signal });
      return { steps, tookMs: performance.now() - askedAt };
    },
    refetchInterval: ({ state }) => Math.max(10_000, 20 * (state.data?.tookMs ?? 0)),
  });

/** What is still to do after an import. The draft changes while it is read, so it is asked for again. */
export const importReportQuery = (id: string) =>
  queryOptions({
    queryKey: flowKeys.importReport(id),
    queryFn: ({ signal }) => api("getImportReport", { params: { id }, signal }),
    refetchInterval: 5_000,
  });

/** The templates change only with the version of the product. */
export const flowTemplatesQuery = queryOptions({
  queryKey: flowKeys.templates,
  queryFn: ({ signal }) => api("listFlowTemplates", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

/** What can be set up of each type of step. It changes only with the version of the product. */
export const nodeTypesQuery = queryOptions({
  queryKey: ["node-types"],
  queryFn: ({ signal }) => api("listNodeTypes", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const refreshFlows = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: flowKeys.all });
