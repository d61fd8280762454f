import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

export const importLinesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["contact-imports", id, "lines"],
    queryFn: ({ pageParam, signal }) => api("listImportLines", { params: { id }, query: { cursor: pageParam, limit: 100 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });

/** The last imports, which can still be undone. */
export const recentImportsQuery = queryOptions({
  queryKey: ["contact-imports", "recent"],
  queryFn: ({ signal }) => api("listContactImports", { query: { limit: 10 }, signal }),
  staleTime: 0,
});
