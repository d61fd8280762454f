import { queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

/** What chosen contacts are called. */
export const contactNamesQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ["contacts", "names", ids],
    queryFn: ({ signal }) => api("nameContacts", { body: { ids: [...ids] }, signal }),
    staleTime: 60_000,
  });
