import { infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions } from "@tanstack/react-query";
import type { ConversationListQuery } from "#contract/conversations.ts";
import { api } from "#web/lib/api.ts";

export type ConversationFilter = Pick<ConversationListQuery, "status" | "assignee">;

export const conversationKeys = {
  all: ["conversations"],
  list: ["conversations", "list"],
  search: ["conversations", "search"],
  one: ["conversations", "one"],
} as const;

/** Where the stream of the inbox does not come through, what is shown is asked for again so often, in milliseconds. */
const withoutStream = 10_000;

/** Whether a stream tells of changes. Then nothing is asked for again and again. */
interface Live {
  isLive: boolean;
}

/** Who wrote, the last first. */
export const conversationsQuery = (filter: ConversationFilter, { isLive }: Live) =>
  infiniteQueryOptions({
    queryKey: [...conversationKeys.list, filter],
    queryFn: ({ pageParam, signal }) => api("listConversations", { query: { ...filter, ...(pageParam && { cursor: pageParam }) }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: isLive ? false : withoutStream,
    staleTime: 0,
  });

/** What was said with one contact: the newest of it, or what stands around one message. */
export const conversationQuery = (contactId: string, around: string | undefined, { isLive }: Live) =>
  queryOptions({
    queryKey: [...conversationKeys.one, contactId, around ?? null],
    queryFn: ({ signal }) => api("getConversation", { params: { id: contactId }, query: around === undefined ? {} : { around }, signal }),
    refetchInterval: isLive ? false : withoutStream,
    staleTime: 0,
    // Going to another place of the same conversation leaves it on screen.
    placeholderData: (before) => (before?.contactId === contactId ? before : undefined),
  });

/** A search is not worth repeating by itself where it took too long: the words must change. */
export const conversationSearchQuery = (search: string) =>
  queryOptions({
    queryKey: [...conversationKeys.search, search],
    queryFn: ({ signal }) => api("searchConversations", { query: { search }, signal }),
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 0,
  });

export const refreshConversations = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: conversationKeys.all });
