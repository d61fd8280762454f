import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

export const membersQuery = queryOptions({ queryKey: ["members"], queryFn: ({ signal }) => api("listMembers", { signal }) });
export const invitationsQuery = queryOptions({ queryKey: ["invitations"], queryFn: ({ signal }) => api("listInvitations", { signal }) });

export const refreshMembers = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: membersQuery.queryKey });
export const refreshInvitations = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: invitationsQuery.queryKey });
