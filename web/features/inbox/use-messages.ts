import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { Channel } from "#contract/messages.ts";
import { api } from "#web/lib/api.ts";
import { joinLive } from "./live-messages.ts";

export interface InboxFilter {
  channel: Channel | undefined;
  search: string | undefined;
}

const pageSize = 50;
/** How often the newest page is asked for while the page is on screen. */
const lookEvery = 2000;

/** Newest first, older ones on demand, and new ones by themselves. */
export function useMessages(filter: InboxFilter) {
  const queryClient = useQueryClient();
  const query = { channel: filter.channel, search: filter.search || undefined, limit: pageSize };
  const newest = useQuery({
    queryKey: ["messages", "newest", query],
    queryFn: ({ signal }) => api("listMessages", { query, signal }),
    // The browser's tab being hidden stops it: nobody is looking.
    refetchInterval: lookEvery,
    staleTime: 0,
  });
  const olderKey = useMemo(() => ["messages", "pages", filter.channel, filter.search], [filter.channel, filter.search]);
  const pages = useInfiniteQuery({
    queryKey: olderKey,
    queryFn: ({ pageParam, signal }) => api("listMessages", { query: { ...query, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const before = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const { rows, gap } = useMemo(() => joinLive(newest.data?.items ?? before, before), [newest.data, before]);
  useEffect(() => {
    if (gap) void queryClient.resetQueries({ queryKey: olderKey });
  }, [gap, queryClient, olderKey]);

  return {
    rows,
    isPending: newest.isPending,
    // A look that failed while rows are on screen is the banner's business, not the list's.
    error: newest.data ? null : newest.error,
    retry: () => newest.refetch(),
    isRetrying: newest.isFetching,
    hasMore: pages.hasNextPage,
    isLoadingMore: pages.isFetchingNextPage,
    loadMore: () => {
      if (!pages.isFetching) void pages.fetchNextPage();
    },
  };
}
