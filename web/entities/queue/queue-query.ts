import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

export const queueKey = ["queue"] as const;

/** How often the queue is read while its page is open, in milliseconds: the engine changes it about that often. */
export const queuePageInterval = 2000;
/** How often it is read for the alert mark in the navigation, in milliseconds. */
export const alertMarkInterval = 20_000;

export const queueQuery = (interval: number) =>
  queryOptions({ queryKey: queueKey, queryFn: ({ signal }) => api("getQueue", { signal }), refetchInterval: interval, staleTime: 1000 });

export const refreshQueue = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: queueKey });
