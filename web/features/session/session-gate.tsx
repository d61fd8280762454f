import { Flex, Spinner } from "@chakra-ui/react";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { LoadError } from "#ui/load-error.tsx";
import { ZoneProvider } from "#ui/relative-time.tsx";
import { awaitedSessionQuery } from "#web/entities/session/session-query.ts";
import { SessionContext, toSession } from "#web/entities/session/use-session.ts";
import { adoptOneOf, useCurrentWorkspaceId } from "#web/lib/current-workspace.ts";
import { RedirectOnce } from "./redirect-once.tsx";

/** Shows the app to signed-in members of a workspace, and leads everybody else to the page they need first. */
export function SessionGate({ children }: { children: ReactNode }) {
  const query = useQuery(awaitedSessionQuery);
  useCurrentWorkspaceId();
  const location = useLocation();
  const { user, workspaces = [], instanceAdmin = false, mayCreateWorkspaces = false } = query.data ?? {};
  // Set before anything below requests data, because the first request must already carry the right workspace.
  const workspace = adoptOneOf(workspaces);
  const session = useMemo(
    () => (user && workspace ? toSession(user, workspace, workspaces, { isAdmin: instanceAdmin, mayCreateWorkspaces }) : null),
    [user, workspace, workspaces, instanceAdmin, mayCreateWorkspaces],
  );

  if (query.data && !query.data.claimed) return <RedirectOnce to="/claim" />;
  if (query.data && !user) {
    const from = location.href === "/" || location.href === "/contacts" ? undefined : location.href;
    return <RedirectOnce to="/sign-in" from={from} />;
  }
  if (query.data && !workspace) return <RedirectOnce to="/welcome" />;
  if (session) {
    return (
      <SessionContext value={session}>
        <ZoneProvider value={session.workspace.timeZone}>{children}</ZoneProvider>
      </SessionContext>
    );
  }
  return (
    <Flex minH="100dvh" align="center" justify="center" bg="bg.canvas">
      {query.isError ? (
        <LoadError title="Sluice does not answer" error={query.error} onRetry={() => query.refetch()} retrying={query.isFetching} />
      ) : (
        <Spinner aria-label="Loading" color="fg.subtle" />
      )}
    </Flex>
  );
}
