import { useSyncExternalStore } from "react";
import { keep, recall } from "#ui/browser-memory.ts";

/**
 * Which of a person's workspaces this tab works in. It goes with every request as a header, so it lives outside React;
 * two tabs may show two workspaces, and a new tab begins with the one used last.
 */
const key = "sluice.workspace";
const listeners = new Set<() => void>();
let current: string | null | undefined;

/** Where nothing is remembered, the server takes the workspace used last. */
const remembered = (): string | null => recall(key, "tab") ?? recall(key);

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
  keep(key, id, "tab");
  keep(key, id);
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
