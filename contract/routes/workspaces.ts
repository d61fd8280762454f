import { FirstSteps, FirstStepsPatch } from "../first-steps.ts";
import { NumbersToReread, Workspace } from "../people.ts";
import { defineRoute, member, signedIn } from "../route.ts";
import { CountryQuery, WorkspaceInput, WorkspacePatch } from "../workspace-changes.ts";

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
    heavy: true,
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
    summary: "Change this workspace's name, zone, country or countries for SMS",
    auth: member("admin", "admin"),
    body: WorkspacePatch,
    response: Workspace,
    audit: "workspace.update",
  }),
  getFirstSteps: defineRoute({
    method: "GET",
    path: "/api/workspace/first-steps",
    tag: "Workspace",
    summary: "What this workspace still needs before it can write to people",
    auth: member("admin", "admin"),
    response: FirstSteps,
  }),
  updateFirstSteps: defineRoute({
    method: "PATCH",
    path: "/api/workspace/first-steps",
    tag: "Workspace",
    summary: "Hide or show the first steps, or say that country or time zone are right as they are",
    auth: member("admin", "admin"),
    body: FirstStepsPatch,
    response: FirstSteps,
    audit: "workspace.first_steps",
  }),
};
