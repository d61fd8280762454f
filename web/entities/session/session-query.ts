import { type QueryClient, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type { SessionState } from "#contract/people.ts";
import { api } from "#web/lib/api.ts";
import { readSession } from "./supabase-session.ts";

export type SessionAnswer = z.output<typeof SessionState>;

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => readSession(signal),
  staleTime: 60_000,
});

/** For pages that can show nothing without the session: it is read again every four seconds until the server answers. */
export const awaitedSessionQuery = queryOptions({
  ...sessionQuery,
  refetchInterval: (asked) => (asked.state.status === "error" ? 4000 : false),
});

/** The workspace and role of an invitation link. The link can be used once, so this is never read a second time. */
export const invitationPreviewQuery = (token: string | null) =>
  queryOptions({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) => api("previewInvitation", { body: { token: token ?? "" }, signal }),
    enabled: token !== null && token.length >= 20,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });

/** The browsers this person is signed in with. */
export const sessionsQuery = queryOptions({ queryKey: ["sessions"], queryFn: ({ signal }) => api("listSessions", { signal }) });

export const refreshSession = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: sessionQuery.queryKey });
export const refreshSessions = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: sessionsQuery.queryKey });

/** Removes everything that was read in a workspace or for a person. An invitation belongs to neither and stays. */
export function dropWorkspaceData(client: QueryClient): void {
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" && query.queryKey[0] !== "invitation" });
}

/** Stores the session that the answer to a sign-in carries. The page then needs no second request and shows no sign-in form. */
export function rememberSession(client: QueryClient, session: SessionAnswer): void {
  dropWorkspaceData(client);
  client.setQueryData(sessionQuery.queryKey, session);
}

/** Marks that nobody is signed in, so that the session gate leads to the sign-in page. */
export function forgetSession(client: QueryClient): void {
  client.setQueryData(sessionQuery.queryKey, (now) => (now ? { ...now, user: null, workspaces: [] } : now));
}
