import { useQueryClient } from "@tanstack/react-query";
import { readTimeZone } from "#contract/time-zones.ts";
import { dropWorkspaceData, sessionQuery } from "#web/entities/session/session-query.ts";
import { setCurrentWorkspace } from "#web/lib/current-workspace.ts";

/** The zone of this browser, by its canonical name. A browser may call it by an old one, or not know it. */
export const browserZone = () => readTimeZone(Intl.DateTimeFormat().resolvedOptions().timeZone) ?? "UTC";

/**
 * Goes to work in another workspace. Everything read so far belongs to the one before and is dropped; the session is
 * read first when the workspace is too new for it.
 */
export function useEnterWorkspace(onEntered: () => void) {
  const queryClient = useQueryClient();
  return async ({ id }: { id: string }) => {
    const known = queryClient.getQueryData(sessionQuery.queryKey)?.workspaces.some((workspace) => workspace.id === id);
    if (!known) await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
    setCurrentWorkspace(id);
    dropWorkspaceData(queryClient);
    onEntered();
  };
}
