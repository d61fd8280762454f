import { useQueryClient } from "@tanstack/react-query";
import { dropWorkspaceData, sessionQuery } from "#web/entities/session/session-query.ts";
import { setCurrentWorkspace } from "#web/lib/current-workspace.ts";

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
