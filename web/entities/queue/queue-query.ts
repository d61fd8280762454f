import { queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

/** Looked at: as live as the engine moves. From afar (the mark in the rail): often enough to be seen in time. */
export const closeUp = 2000;
export const fromAfar = 20_000;

export const queueQuery = (every: number) =>
  queryOptions({ queryKey: ["queue"], queryFn: ({ signal }) => api("getQueue", { signal }), refetchInterval: every, staleTime: 1000 });
