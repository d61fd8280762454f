import { Flex, Spinner } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { LoadError } from "#ui/load-error.tsx";
import { awaitedSessionQuery, type SessionAnswer } from "#web/entities/session/session-query.ts";
import { AuthPage } from "./auth-page.tsx";
import { useIsSigningOut } from "./use-sign-out.ts";

interface SessionAwaitedProps {
  title: string;
  children: (session: SessionAnswer) => ReactNode;
}

/**
 * A page before somebody is signed in, once it is known how people sign in here and who this is. A form that is shown
 * before would be exchanged for another one, or lost when the tab is loaded anew, with what was typed into it.
 */
export function SessionAwaited({ title, children }: SessionAwaitedProps) {
  const session = useQuery(awaitedSessionQuery);
  const isSigningOut = useIsSigningOut();
  if (session.data && !isSigningOut) return children(session.data);
  return (
    <AuthPage title={isSigningOut ? "Signing out" : title}>
      {session.isError && !isSigningOut ? (
        <LoadError title="Sluice does not answer" error={session.error} onRetry={() => session.refetch()} retrying={session.isFetching} />
      ) : (
        <Flex justify="center" py="4">
          <Spinner aria-label={isSigningOut ? "Signing out" : "Loading"} color="fg.subtle" />
        </Flex>
      )}
    </AuthPage>
  );
}
