import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { type MessageFilter, messagePagesQuery, messagesPerPage, newestMessagesQuery } from "#web/entities/messages/message-queries.ts";
import { joinLive } from "./live-messages.ts";

/** Newest first, older ones on demand, and new ones by themselves. */
export function useMessages(filter: MessageFilter, { enabled } = { enabled: true }) {
  const queryClient = useQueryClient();
  const newest = useQuery({ ...newestMessagesQuery(filter), enabled });
  const { channel, search } = filter;
  const pages = useInfiniteQuery({ ...messagePagesQuery(filter), enabled });
  const before = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const isShort = newest.data !== undefined && newest.data.items.length < messagesPerPage && newest.data.nextCursor !== null;
  const { rows, gap } = useMemo(
    () => (newest.data ? joinLive(newest.data.items, before, isShort) : { rows: before, gap: false }),
    [newest.data, before, isShort],
  );
  useEffect(() => {
    if (gap) void queryClient.resetQueries({ queryKey: messagePagesQuery({ channel, search }).queryKey });
  }, [gap, queryClient, channel, search]);

  const { hasNextPage, isFetching, fetchNextPage } = pages;
  const loadMore = () => {
    if (!isFetching) void fetchNextPage();
  };
  // A page may end short, or empty, while there are older messages to look at. Nobody can scroll in an empty list.
  const looksFurther = rows.length === 0 && (hasNextPage || (isShort && pages.isPending));
  const { isFetchNextPageError } = pages;
  useEffect(() => {
    if (looksFurther && hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [looksFurther, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);

  return {
    rows,
    isPending: newest.isPending,
    // A failed refresh while rows are on screen is shown by the reachability banner, not by the list.
    error: newest.data ? null : newest.error,
    retry: () => newest.refetch(),
    isRetrying: newest.isFetching,
    looksFurther,
    hasMore: hasNextPage,
    moreError: isFetchNextPageError ? pages.error : null,
    isLoadingMore: pages.isFetchingNextPage,
    loadMore,
    retryMore: () => void fetchNextPage(),
  };
}
