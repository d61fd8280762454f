import { isPhoneCountry } from "#channels/sms/phone.ts";
import { insertAuditEntry } from "#db/queries/audit-log.ts";
import { saveFirstSteps } from "#db/queries/first-steps.ts";
import { mayCreateWorkspaces } from "#db/queries/instance-admins.ts";
import { createWorkspace, findWorkspace, updateWorkspace } from "#db/queries/workspaces.ts";
import { readFirstSteps } from "../commands/first-steps.ts";
import { requireRoomForWorkspace } from "../commands/require-room.ts";
import { countNumbersToReread, rereadNumbers } from "../commands/reread-numbers.ts";
import type { Resources } from "../compose/resources.ts";
import { changeDetails } from "../http/change-details.ts";
import { forbidden, invalid } from "../http/errors.ts";
import type { Handlers, Principal } from "../http/handler.ts";

export const workspaceRoutes = {
  createWorkspace: async ({ resources, principal, body }) => {
    await requireCreator(resources, principal);
    if (body.country !== undefined) requireCountry(body.country);
    return resources.ownerDb.transaction().execute(async (tx) => {
      await requireRoomForWorkspace(tx, principal);
      const workspace = await createWorkspace(tx, { ...body, ownerId: principal.userId });
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
    await requireCreator(resources, principal);
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
    patch.smsCountries?.forEach((country, index) => void requireCountry(country, `smsCountries.${index}`));
    const before = await findWorkspace(db, { workspaceId, userId: principal.userId });
    if (Object.keys(patch).length > 0) await updateWorkspace(db, { workspaceId, patch });
    const reread =
      before && patch.country !== undefined ? await rereadNumbers(db, { workspaceId, from: before.country, to: patch.country, which }) : 0;
    const workspace = await findWorkspace(db, { workspaceId, userId: principal.userId });
    if (!workspace) throw new Error("The workspace that was just changed cannot be read.");
    // A workspace that named no countries for SMS sends to its own, so another country of its own changes them as well.
    const { smsCountries } = workspace;
    const details = changeDetails(before, { ...patch, smsCountries });
    note({ subjectId: workspaceId, details: { ...details, ...(reread > 0 ? { numbersReadAgain: reread } : {}) } });
    return workspace;
  },

  getFirstSteps: async ({ db, workspaceId, resources: { ownerDb } }) => readFirstSteps(db, { ownerDb, workspaceId }),

  updateFirstSteps: async ({ db, workspaceId, body, note, resources: { ownerDb } }) => {
    await saveFirstSteps(db, { workspaceId, ...body });
    note({ subjectId: workspaceId, details: body });
    return readFirstSteps(db, { ownerDb, workspaceId });
  },
} satisfies Pick<
  Handlers,
  "createWorkspace" | "createDemoWorkspace" | "countNumbersToReread" | "updateWorkspace" | "getFirstSteps" | "updateFirstSteps"
>;

function requireCountry(country: string, path = "country"): void {
  if (!isPhoneCountry(country)) throw invalid([{ path, message: "Not the code of a country, such as AT" }]);
}

/** The instance says who may create workspaces. No role in a workspace does. */
async function requireCreator({ ownerDb }: Resources, { userId }: Principal): Promise<void> {
  if (await mayCreateWorkspaces(ownerDb, userId)) return;
  throw forbidden("You may not create workspaces on this instance. An instance admin can create one, or allow it to members.");
}

async function getWorkspace({ ownerDb }: Resources, principal: Principal, workspaceId: string) {
  const workspace = await findWorkspace(ownerDb, { workspaceId, userId: principal.userId });
  if (!workspace) throw new Error("The workspace that was just made cannot be read.");
  return workspace;
}
