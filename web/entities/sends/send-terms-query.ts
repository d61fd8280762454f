import { queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

/** What a send was told when it was made. It never changes. */
export const sendTermsQuery = (id: string) =>
  queryOptions({
    queryKey: ["send-terms", id],
    queryFn: ({ signal }) => api("getSendTerms", { params: { id }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
