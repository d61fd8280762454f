import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

export const suppressionPagesQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: ["suppressions", "pages", search],
    queryFn: ({ pageParam, signal }) =>
      api("listSuppressions", { query: { ...(search && { search }), ...(pageParam && { cursor: pageParam }) }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

export const suppressionsOfContactQuery = (contactId: string) =>
  queryOptions({
    queryKey: ["suppressions", "contact", contactId],
    queryFn: ({ signal }) => api("listSuppressions", { query: { contactId }, signal }),
  });

/** After an address was lifted it counts as reachable, in lists and counts of contacts as well. */
export const refreshSuppressions = (client: QueryClient): Promise<unknown> =>
  Promise.all([client.invalidateQueries({ queryKey: ["suppressions"] }), client.invalidateQueries({ queryKey: ["contacts"] })]);
