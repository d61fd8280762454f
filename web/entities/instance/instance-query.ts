import { queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

/** What instance admins see and set. */
export const instanceSettingsQuery = queryOptions({
  queryKey: ["instance-settings"],
  queryFn: ({ signal }) => api("getInstanceSettings", { signal }),
});

/** The instance, read every 10 seconds while its sending is held and every minute otherwise. */
export const instanceQuery = queryOptions({
  queryKey: ["instance"],
  queryFn: ({ signal }) => api("getInstance", { signal }),
  refetchInterval: (query) => (query.state.data?.sendingHeldSince ? 10_000 : 60_000),
});
