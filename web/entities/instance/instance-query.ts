import { queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

/** The instance, read every 10 seconds while its sending is held and every minute otherwise. */
export const instanceQuery = queryOptions({
  queryKey: ["instance"],
  queryFn: ({ signal }) => api("getInstance", { signal }),
  refetchInterval: (query) => (query.state.data?.sendingHeldSince ? 10_000 : 60_000),
});
