import { queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

export const flowKeys = {
  all: ["flows"],
  list: ["flows", "list"],
  one: (id: string) => ["flows", "one", id],
  version: (id: string) => ["flows", "version", id],
} as const;

/** All flows of the workspace and their folders. */
export const flowsQuery = queryOptions({
  queryKey: flowKeys.list,
  queryFn: ({ signal }) => api("listFlows", { signal }),
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
