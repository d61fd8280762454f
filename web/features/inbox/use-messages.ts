import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { type MessageFilter, messagePagesQuery, newestMessagesQuery } from "#web/entities/messages/message-queries.ts";
import { joinLive } from "./live-messages.ts";

/** Newest first, older ones on demand, and new ones by themselves. */
export function useMessages(filter: MessageFilter) {
  const queryClient = useQueryClient();
  const newest = useQuery(newestMessagesQuery(filter));
  const { channel, search } = filter;
  const pages = useInfiniteQuery(messagePagesQuery(filter));
  const before = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const { rows, gap } = useMemo(() => joinLive(newest.data?.items ?? before, before), [newest.data, before]);
  useEffect(() => {
    if (gap) void queryClient.resetQueries({ queryKey: messagePagesQuery({ channel, search }).queryKey });
  }, [gap, queryClient, channel, search]);

  return {
    rows,
    isPending: newest.isPending,
    // A failed refresh while rows are on screen is shown by the reachability banner, not by the list.
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
