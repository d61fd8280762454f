import { queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

export const flowsQuery = queryOptions({
  queryKey: ["flows", "list"],
  queryFn: ({ signal }) => api("listFlows", { signal }),
  // The numbers of a list that is looked at move with the sends.
  refetchInterval: 10_000,
});

export const flowQuery = (id: string) =>
  queryOptions({ queryKey: ["flows", "one", id], queryFn: ({ signal }) => api("getFlow", { params: { id }, signal }) });
