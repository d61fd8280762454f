import { queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

export const linkTrackingQuery = queryOptions({
  queryKey: ["link-tracking"],
  queryFn: ({ signal }) => api("getLinkTracking", { signal }),
});
