import { isPhoneCountry } from "#channels/sms/phone.ts";
import { insertAuditEntry } from "#db/queries/audit-log.ts";
import { findMembership } from "#db/queries/members.ts";
import { createWorkspace, findWorkspace, updateWorkspace } from "#db/queries/workspaces.ts";
import { countNumbersToReread, rereadNumbers } from "../commands/reread-numbers.ts";
import type { Resources } from "../compose/resources.ts";
import { forbidden, invalid } from "../http/errors.ts";
import type { Handlers, Principal } from "../http/handler.ts";

export const workspaceRoutes = {
  createWorkspace: async ({ resources, principal, body }) => {
    await requireInsider(resources, principal);
    if (body.country !== undefined) requireCountry(body.country);
    return resources.ownerDb.transaction().execute(async (tx) => {
      const workspace = await createWorkspace(tx, { name: body.name, country: body.country, ownerId: principal.userId });
      await insertAuditEntry(tx, {
        workspaceId: workspace.id,
        actorId: principal.userId,
        actorName: principal.name,
        action: "workspace.create",
        subjectId: workspace.id,
      });
      return workspace;
    });
  },

  createDemoWorkspace: async ({ resources, principal }) => {
    await requireInsider(resources, principal);
    const { workspaceId } = await resources.loadDemo(principal.userId);
    await insertAuditEntry(resources.ownerDb, {
      workspaceId,
      actorId: principal.userId,
      actorName: principal.name,
      action: "workspace.demo",
      subjectId: workspaceId,
    });
    return getWorkspace(resources, principal, workspaceId);
  },

  countNumbersToReread: async ({ db, principal, workspaceId, query }) => {
    requireCountry(query.country);
    const workspace = await findWorkspace(db, { workspaceId, userId: principal.userId });
    if (!workspace) throw new Error("The caller's workspace cannot be read.");
    return countNumbersToReread(db, { workspaceId, from: workspace.country, to: query.country });
  },

  updateWorkspace: async ({ db, principal, workspaceId, body, note }) => {
    const { rereadNumbers: which = "unreadable", ...patch } = body;
    if (patch.country !== undefined) requireCountry(patch.country);
    const before = await findWorkspace(db, { workspaceId, userId: principal.userId });
    if (Object.keys(patch).length > 0) await updateWorkspace(db, { workspaceId, patch });
    const reread =
      before && patch.country !== undefined ? await rereadNumbers(db, { workspaceId, from: before.country, to: patch.country, which }) : 0;
    note({ subjectId: workspaceId, details: reread > 0 ? { ...patch, numbersReadAgain: reread } : patch });
    const workspace = await findWorkspace(db, { workspaceId, userId: principal.userId });
    if (!workspace) throw new Error("The workspace that was just changed cannot be read.");
    return workspace;
  },
} satisfies Pick<Handlers, "createWorkspace" | "createDemoWorkspace" | "countNumbersToReread" | "updateWorkspace">;

function requireCountry(country: string): void {
  if (!isPhoneCountry(country)) throw invalid([{ path: "country", message: "Not the code of a country, such as AT" }]);
}

/**
 * An instance with passwords of its own gave each account by a link. At a Supabase project anybody can make an account,
 * so there an account alone does not allow creating workspaces.
 */
async function requireInsider({ identity, ownerDb }: Resources, { userId }: Principal): Promise<void> {
  if (identity.way.kind === "password" || (await findMembership(ownerDb, { userId }))) return;
  throw forbidden("You belong to no workspace of this instance yet. Ask somebody in one to invite you.");
}

async function getWorkspace({ ownerDb }: Resources, principal: Principal, workspaceId: string) {
  const workspace = await findWorkspace(ownerDb, { workspaceId, userId: principal.userId });
  if (!workspace) throw new Error("The workspace that was just made cannot be read.");
  return workspace;
}
