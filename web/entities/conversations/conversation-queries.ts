import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import type { ConversationListQuery } from "#contract/conversations.ts";
import { api } from "#web/lib/api.ts";

export type ConversationFilter = Pick<ConversationListQuery, "status" | "assignee" | "search">;

const lookEvery = 3_000;

/** Who wrote, the last first; looked at again and again, so that what comes in is there by itself. A hidden tab does not ask. */
export const conversationsQuery = (filter: ConversationFilter) =>
  infiniteQueryOptions({
    queryKey: ["conversations", "list", filter],
    queryFn: ({ pageParam, signal }) => api("listConversations", { query: { ...filter, ...(pageParam && { cursor: pageParam }) }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: lookEvery,
    staleTime: 0,
  });

export const conversationQuery = (contactId: string) =>
  queryOptions({
    queryKey: ["conversations", "one", contactId],
    queryFn: ({ signal }) => api("getConversation", { params: { id: contactId }, signal }),
    refetchInterval: 2_000,
    staleTime: 0,
  });

export const refreshConversations = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: ["conversations"] });
