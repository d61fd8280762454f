import { type QueryClient, queryOptions } from "@tanstack/react-query";
import type { Role } from "#contract/people.ts";
import { api } from "#web/lib/api.ts";

export const membersQuery = queryOptions({ queryKey: ["members"], queryFn: ({ signal }) => api("listMembers", { signal }) });
export const invitationsQuery = queryOptions({ queryKey: ["invitations"], queryFn: ({ signal }) => api("listInvitations", { signal }) });

/** What would end with a lower role of this member, or with their removal where no role is given. It is never taken from the cache. */
export const endingGrantsQuery = (userId: string, role: Role | undefined) =>
  queryOptions({
    queryKey: ["members", userId, "grants", role ?? "removed"],
    queryFn: ({ signal }) => api("listEndingGrants", { params: { id: userId }, query: role === undefined ? {} : { role }, signal }),
    staleTime: 0,
    gcTime: 0,
  });

export const refreshMembers = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: membersQuery.queryKey });
export const refreshInvitations = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: invitationsQuery.queryKey });
