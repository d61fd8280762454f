import { CountryQuery, NumbersToReread, Workspace, WorkspaceInput, WorkspacePatch } from "../people.ts";
import { defineRoute, member, signedIn } from "../route.ts";

export const workspaceRoutes = {
  createWorkspace: defineRoute({
    method: "POST",
    path: "/api/workspaces",
    tag: "Workspace",
    summary: "Create a workspace",
    auth: signedIn,
    body: WorkspaceInput,
    response: Workspace,
    status: 201,
    audit: "workspace.create",
  }),
  createDemoWorkspace: defineRoute({
    method: "POST",
    path: "/api/workspaces/demo",
    tag: "Workspace",
    summary: "Load the demo workspace: 10,000 contacts, three flows",
    auth: signedIn,
    response: Workspace,
    status: 201,
    audit: "workspace.demo",
  }),
  countNumbersToReread: defineRoute({
    method: "GET",
    path: "/api/workspace/numbers",
    tag: "Workspace",
    summary: "How many phone numbers another country of this workspace would read in another way",
    auth: member("admin", "admin"),
    query: CountryQuery,
    response: NumbersToReread,
  }),
  updateWorkspace: defineRoute({
    method: "PATCH",
    path: "/api/workspace",
    tag: "Workspace",
    summary: "Change this workspace's name, zone or country",
    auth: member("admin", "admin"),
    body: WorkspacePatch,
    response: Workspace,
    audit: "workspace.update",
  }),
};
