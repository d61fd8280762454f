import { queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

/** The fields that a flow may name, and how often contacts have them. The figures may be a little old. */
export const fieldsQuery = (flowId: string) =>
  queryOptions({
    queryKey: ["fields", flowId],
    queryFn: ({ signal }) => api("listFields", { query: { flowId }, signal }),
    staleTime: 60_000,
  });
