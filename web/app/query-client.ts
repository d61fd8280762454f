import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { forgetSession } from "#web/entities/session/session-query.ts";
import { isApiError } from "#web/lib/api-error.ts";
import { reportReachable } from "#web/lib/reachability.ts";

/** A refusal is an answer and would be the same again. Only a missing or broken answer is retried. */
const isWorthRetrying = (failures: number, error: Error) =>
  failures < 2 && (!isApiError(error) || error.code === "unavailable" || error.status >= 500);

export function createQueryClient(): QueryClient {
  const hear = (error: Error) => {
    if (isApiError(error, "unreachable")) reportReachable(false);
    // The session ended (expired, revoked, signed out in another tab): the gate then leads to the sign-in page.
    if (isApiError(error, "unauthenticated")) forgetSession(client);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: hear, onSuccess: () => reportReachable(true) }),
    mutationCache: new MutationCache({ onError: hear, onSuccess: () => reportReachable(true) }),
    defaultOptions: {
      queries: { retry: isWorthRetrying, staleTime: 10_000, refetchOnWindowFocus: true, networkMode: "always" },
      // A mutation is never repeated by itself; the person who pressed the button decides.
      mutations: { retry: false, networkMode: "always" },
    },
  });
  return client;
}
