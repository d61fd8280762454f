import { queryOptions } from "@tanstack/react-query";
import { api } from "#web/lib/api.ts";

export const providersQuery = queryOptions({ queryKey: ["providers"], queryFn: ({ signal }) => api("listProviders", { signal }) });
export const membersQuery = queryOptions({ queryKey: ["members"], queryFn: ({ signal }) => api("listMembers", { signal }) });
export const invitationsQuery = queryOptions({ queryKey: ["invitations"], queryFn: ({ signal }) => api("listInvitations", { signal }) });
export const apiKeysQuery = queryOptions({ queryKey: ["api-keys"], queryFn: ({ signal }) => api("listApiKeys", { signal }) });
export const sessionsQuery = queryOptions({ queryKey: ["sessions"], queryFn: ({ signal }) => api("listSessions", { signal }) });
