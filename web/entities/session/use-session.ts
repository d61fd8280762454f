import { createContext, useContext } from "react";
import { type Role, roleCovers, type User, type Workspace } from "#contract/people.ts";

export interface Session {
  user: User;
  /** The workspace this tab works in. */
  workspace: Workspace;
  workspaces: Workspace[];
  role: Role;
  /** Whether this person may do what asks for at least that role. What they may not, they are not shown. */
  can: (least: Role) => boolean;
  /** What the person may do on the instance, whatever their role in this workspace. */
  instance: InstanceRights;
}

export interface InstanceRights {
  isAdmin: boolean;
  mayCreateWorkspaces: boolean;
}

export const SessionContext = createContext<Session | null>(null);

/** The signed-in user and the workspace of this tab. @throws outside the session gate, where neither is known. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession is used outside the session gate");
  return session;
}

export const toSession = (user: User, workspace: Workspace, workspaces: Workspace[], instance: InstanceRights): Session => ({
  user,
  instance,
  workspace,
  workspaces,
  role: workspace.role,
  can: (least) => roleCovers(workspace.role, least),
});
