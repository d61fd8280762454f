import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { isSendOver, type SendState } from "#contract/sends.ts";
import { api } from "#web/lib/api.ts";

const pageSize = 50;

export interface SendFilters {
  state: SendState | undefined;
  flowId: string | undefined;
}

export const sendsQuery = (filters: SendFilters) =>
  infiniteQueryOptions({
    queryKey: ["sends", "list", filters],
    queryFn: ({ pageParam, signal }) => api("listSends", { query: { ...filters, limit: pageSize, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    // Keyset pages: asking all of them again changes their numbers, never which rows they hold. While something
    // is under way they are asked often; otherwise just often enough to notice a new send.
    refetchInterval: ({ state: query }) =>
      query.data?.pages.some((page) => page.items.some((send) => !isSendOver(send.state))) ? 2000 : 10_000,
  });

export const sendQuery = (id: string) =>
  queryOptions({ queryKey: ["sends", "one", id], queryFn: ({ signal }) => api("getSend", { params: { id }, signal }) });

/** `notEnrolled` is part of the key: when the count moves there are rows that were not there before. */
export const skipsQuery = (id: string, notEnrolled: number) =>
  infiniteQueryOptions({
    queryKey: ["sends", "skips", id, notEnrolled],
    queryFn: ({ pageParam, signal }) => api("listSendSkips", { params: { id }, query: { limit: 100, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (before, query) => (query?.queryKey[2] === id ? before : undefined),
  });
