import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Send } from "#contract/sends.ts";
import { api } from "#web/lib/api.ts";

/** The comparison changes when executions end, so how many have is part of the key. */
const endedOf = ({ completed, failed, partialFailure, cancelled, notEnrolled, state }: Send) =>
  [state, completed + failed + partialFailure + cancelled, notEnrolled].join(" ");

/** What was forecast of a send beside what came. */
export const sendForecastQuery = (send: Send) =>
  queryOptions({
    queryKey: ["sends", "compared", send.id, endedOf(send)],
    queryFn: ({ signal }) => api("getSendForecast", { params: { id: send.id }, signal }),
    placeholderData: keepPreviousData,
    // A send of many ends somewhere all the time, and each comparison reads all of it.
    staleTime: 10_000,
  });

/** Who went another way than was forecast. */
export const differingContactsQuery = (send: Send) =>
  infiniteQueryOptions({
    queryKey: ["sends", "differing", send.id, endedOf(send)],
    queryFn: ({ pageParam, signal }) =>
      api("listDifferingContacts", { params: { id: send.id }, query: { limit: 50, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
