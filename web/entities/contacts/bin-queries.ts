import { infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";
import { refreshContacts } from "./contact-queries.ts";

const binKeys = {
  all: ["bin"],
  pages: (search: string) => ["bin", "pages", search],
  one: (id: string) => ["bin", "one", id],
} as const;

const pageSize = 50;

export const binPagesQuery = (search: string) =>
  infiniteQueryOptions({
    queryKey: binKeys.pages(search),
    queryFn: ({ pageParam, signal }) =>
      api("listBin", { query: { limit: pageSize, ...(search && { search }), ...(pageParam && { cursor: pageParam }) }, signal }),
    initialPageParam: "",
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    // Somebody else may have deleted, restored or erased a moment ago.
    staleTime: 0,
  });

/** A contact in the bin. An error `contact_not_found` says that it is not there. */
export const binnedContactQuery = (id: string) =>
  queryOptions({
    queryKey: binKeys.one(id),
    queryFn: ({ signal }) => api("getFromBin", { params: { id }, signal }),
    staleTime: 0,
    retry: false,
  });

/** Reads again what is shown after contacts were moved to the bin, restored or erased. */
export const refreshBin = (client: QueryClient): Promise<unknown> =>
  Promise.all([refreshContacts(client), client.invalidateQueries({ queryKey: binKeys.all })]);
