import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

export const apiKeysQuery = queryOptions({ queryKey: ["api-keys"], queryFn: ({ signal }) => api("listApiKeys", { signal }) });

export const refreshApiKeys = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: apiKeysQuery.queryKey });
