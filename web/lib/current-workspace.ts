import { useSyncExternalStore } from "react";

/**
 * Which of a person's workspaces this tab works in. It goes with every request as a header, so it lives outside React;
 * two tabs may show two workspaces, and a new tab begins with the one used last.
 */
const key = "sluice.workspace";
const listeners = new Set<() => void>();
let current: string | null | undefined;

function remembered(): string | null {
  try {
    return sessionStorage.getItem(key) ?? localStorage.getItem(key);
  } catch {
    return null; // No storage: the server then takes the workspace used last.
  }
}

export function currentWorkspaceId(): string | null {
  current ??= remembered();
  return current;
}

export function setCurrentWorkspace(id: string | null): void {
  if (id === currentWorkspaceId()) return;
  adoptWorkspace(id);
  for (const tell of listeners) tell();
}

/** Sets the workspace during a render, without notifying listeners. */
function adoptWorkspace(id: string | null): void {
  current = id;
  try {
    for (const storage of [sessionStorage, localStorage]) {
      if (id === null) storage.removeItem(key);
      else storage.setItem(key, id);
    }
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** The workspace of this tab among those of a person: the one chosen before, else the first, which is then the chosen one. */
export function adoptOneOf<Workspace extends { id: string }>(workspaces: readonly Workspace[]): Workspace | undefined {
  const workspace = workspaces.find(({ id }) => id === currentWorkspaceId()) ?? workspaces[0];
  if (workspace && workspace.id !== currentWorkspaceId()) adoptWorkspace(workspace.id);
  return workspace;
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
export function useCurrentWorkspaceId() {
  return useSyncExternalStore(subscribe, currentWorkspaceId);
}
