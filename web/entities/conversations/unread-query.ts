import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

/** How often the mark in the navigation is looked at, in milliseconds, as the bell; a hidden tab does not ask. */
const markEvery = 20_000;

/** Streams of the inbox in this tab. They tell the number as well, so nobody asks for it meanwhile. */
const streams = { open: 0 };
const queryKey = ["conversations", "unread"];

/** How many open conversations have something that nobody has read. Every page asks, so it stands apart from the rest of the inbox. */
export const unreadConversationsQuery = queryOptions({
  queryKey,
  queryFn: ({ signal }) => api("countUnreadConversations", { signal }),
  refetchInterval: () => (streams.open > 0 ? false : markEvery),
  staleTime: 1000,
});

/** Counts a stream until the function that is returned is called. */
export function countStream(client: QueryClient): () => void {
  streams.open += 1;
  return () => {
    streams.open -= 1;
    // With this answer the mark begins to ask by itself again.
    void client.invalidateQueries({ queryKey });
  };
}
