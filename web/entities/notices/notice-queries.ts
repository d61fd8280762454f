import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

/** How often the bell asks, in milliseconds, as the mark of the alerts does; a hidden tab asks nothing. */
const bellEvery = 20_000;

export const unreadNoticesQuery = queryOptions({
  queryKey: ["notices", "unread"],
  queryFn: ({ signal }) => api("countUnreadNotices", { signal }),
  refetchInterval: bellEvery,
  staleTime: 1000,
});

export const noticesQuery = infiniteQueryOptions({
  queryKey: ["notices", "list"],
  queryFn: ({ pageParam, signal }) => api("listNotices", { query: { cursor: pageParam }, signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.nextCursor ?? undefined,
  // The first page stays true by itself; several are not read again under somebody's eyes.
  refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : bellEvery),
});

export const noticeSettingsQuery = queryOptions({
  queryKey: ["notices", "settings"],
  queryFn: ({ signal }) => api("getNoticeSettings", { signal }),
});

export const refreshNotices = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: ["notices"] });
