import { queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

export const sendingRulesQuery = queryOptions({
  queryKey: ["sending-rules"],
  queryFn: ({ signal }) => api("getSendingRules", { signal }),
});
