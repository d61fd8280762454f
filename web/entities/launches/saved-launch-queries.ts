import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

const key = ["saved-launches"];

/** One's own saved launches and those that are shared, the last used first. */
export const savedLaunchesQuery = queryOptions({
  queryKey: key,
  queryFn: async ({ signal }) => (await api("listSavedLaunches", { signal })).items,
  staleTime: 10_000,
});

export const refreshSavedLaunches = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: key });
