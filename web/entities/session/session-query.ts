import { type QueryClient, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type { SessionState } from "#contract/people.ts";
import { readSession } from "./supabase-session.ts";

export type SessionAnswer = z.output<typeof SessionState>;

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => readSession(signal),
  staleTime: 60_000,
});

/** Where nothing can be shown without it: asked for again until somebody answers. */
export const awaitedSessionQuery = queryOptions({
  ...sessionQuery,
  refetchInterval: (asked) => (asked.state.status === "error" ? 4000 : false),
});

/** Signed in by an answer that carries the session: no second request, no flash of the sign-in page. */
export function rememberSession(client: QueryClient, session: SessionAnswer): void {
  // What a link invites to belongs to nobody, and asked again it would be told that the link is used.
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" && query.queryKey[0] !== "invitation" });
  client.setQueryData(sessionQuery.queryKey, session);
}

/** Nobody is signed in any more; nothing read before may be shown to who signs in next. */
export function forgetSession(client: QueryClient): void {
  client.setQueryData(sessionQuery.queryKey, (now) => (now ? { ...now, user: null, workspaces: [] } : now));
}
