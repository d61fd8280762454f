import { queryOptions } from "@tanstack/react-query";
import type { Selection } from "#contract/contacts.ts";
import { api } from "#web/lib/api.ts";
import { isApiError } from "#web/lib/api-error.ts";

/** What chosen contacts get within the next days anyway. It does not depend on the flow, so one answer serves the whole dialog. */
export const collisionsQuery = (selection: Selection) =>
  queryOptions({
    queryKey: ["sends", "collisions", selection],
    queryFn: ({ signal }) => api("findCollisions", { body: { selection }, signal }),
    staleTime: 60_000,
    gcTime: 60_000,
    refetchOnWindowFocus: false,
    retry: (failures, error) => failures < 3 && (isApiError(error, "workspace_busy") || isApiError(error, "instance_busy")),
    retryDelay: 1000,
  });
