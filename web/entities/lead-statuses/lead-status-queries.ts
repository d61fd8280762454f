import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { contactFacetsQuery } from "#web/entities/contacts/contact-queries.ts";
import { api } from "#web/lib/api.ts";

export const leadStatusesQuery = queryOptions({
  queryKey: ["lead-statuses", "list"],
  queryFn: ({ signal }) => api("listLeadStatuses", { signal }),
  staleTime: 60_000,
});

/** How many contacts have each value, also those that are not in the list. */
export const leadStatusUsesQuery = queryOptions({
  queryKey: ["lead-statuses", "uses"],
  queryFn: ({ signal }) => api("listLeadStatusUses", { signal }),
  staleTime: 0,
});

/** What has a status: contacts, contacts in the bin, and flows that name it. */
export const leadStatusUsageQuery = (id: string) =>
  queryOptions({
    queryKey: ["lead-statuses", "usage", id],
    queryFn: ({ signal }) => api("getLeadStatusUsage", { params: { id }, signal }),
    staleTime: 0,
  });

/** The status with which a new contact begins, as far as the list was read. */
export const defaultStatus = (client: QueryClient): string =>
  client.getQueryData(leadStatusesQuery.queryKey)?.items.find(({ isDefault }) => isDefault)?.name ?? "";

/** Reads again what shows the list or offers its names. */
export const refreshLeadStatuses = (client: QueryClient): Promise<unknown> =>
  Promise.all([
    client.invalidateQueries({ queryKey: ["lead-statuses"] }),
    client.invalidateQueries({ queryKey: contactFacetsQuery.queryKey }),
  ]);
