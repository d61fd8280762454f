import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

export const secretsQuery = queryOptions({ queryKey: ["secrets"], queryFn: ({ signal }) => api("listSecrets", { signal }) });

export const refreshSecrets = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: secretsQuery.queryKey });
