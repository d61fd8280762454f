import { queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

export const providersQuery = queryOptions({ queryKey: ["providers"], queryFn: ({ signal }) => api("listProviders", { signal }) });
