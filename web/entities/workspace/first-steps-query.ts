import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

/** What the workspace still needs. It is read again whenever somebody comes back to it, because steps are done on other pages. */
export const firstStepsQuery = queryOptions({
  queryKey: ["first-steps"],
  queryFn: ({ signal }) => api("getFirstSteps", { signal }),
  staleTime: 0,
});

export const refreshFirstSteps = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: firstStepsQuery.queryKey });
