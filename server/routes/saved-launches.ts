import { type Role, roleCovers } from "#contract/people.ts";
import type { SavedLaunch } from "#contract/saved-launches.ts";
import type { Tx } from "#db/client.ts";
import { findFlow } from "#db/queries/flows.ts";
import { deleteSavedLaunch, findSavedLaunch, insertSavedLaunch, listSavedLaunches, updateSavedLaunch } from "#db/queries/saved-launches.ts";
import { requireRoom } from "../commands/require-room.ts";
import { forbidden, notFound } from "../http/errors.ts";
import type { Handlers, Principal } from "../http/handler.ts";

/** Keys are refused by the table of routes: a saved launch belongs to a person. */
export const savedLaunchRoutes = {
  listSavedLaunches: async ({ db, ...call }) => ({ items: await listSavedLaunches(db, callerOf(call)) }),

  createSavedLaunch: async ({ db, workspaceId, principal, body, note, ...call }) => {
    if (!(await findFlow(db, { workspaceId, id: body.flowId }))) throw notFound("flow_not_found");
    await requireRoom(db, { workspaceId, to: "savedLaunches" });
    const caller = callerOf({ workspaceId, principal, ...call });
    const id = await insertSavedLaunch(db, { ...caller, userName: principal.name, launch: body });
    note({ subjectId: id, details: { name: body.name, shared: body.shared } });
    return readLaunch(db, { ...caller, id });
  },

  updateSavedLaunch: async ({ db, workspaceId, params, body, note, ...call }) => {
    const caller = callerOf({ workspaceId, ...call });
    const { name, shared } = await requireChangeable(db, { ...caller, id: params.id });
    if (!(await updateSavedLaunch(db, { workspaceId, id: params.id, patch: body }))) throw notFound();
    note({
      details: {
        before: { name, shared },
        ...(body.name && { name: body.name }),
        ...(body.shared !== undefined && { shared: body.shared }),
      },
    });
    return readLaunch(db, { ...caller, id: params.id });
  },

  deleteSavedLaunch: async ({ db, workspaceId, params, note, ...call }) => {
    const { name } = await requireChangeable(db, { ...callerOf({ workspaceId, ...call }), id: params.id });
    if (!(await deleteSavedLaunch(db, { workspaceId, id: params.id }))) throw notFound();
    note({ details: { name } });
    return { success: true as const };
  },
} satisfies Pick<Handlers, "listSavedLaunches" | "createSavedLaunch" | "updateSavedLaunch" | "deleteSavedLaunch">;

interface Caller {
  workspaceId: string;
  userId: string;
  isAdmin: boolean;
}

const callerOf = ({ workspaceId, principal, role }: { workspaceId: string; principal: Principal; role: Role }): Caller => ({
  workspaceId,
  userId: principal.userId,
  isAdmin: roleCovers(role, "admin"),
});

async function readLaunch(db: Tx, of: Caller & { id: string }): Promise<SavedLaunch> {
  const launch = await findSavedLaunch(db, of);
  if (!launch) throw notFound();
  return launch;
}

/** One that is private to somebody else does not exist for the caller. */
async function requireChangeable(db: Tx, of: Caller & { id: string }): Promise<SavedLaunch> {
  const launch = await readLaunch(db, of);
  if (!launch.mayChange)
    throw forbidden("Only who made a shared launch, or an admin, may change it. You can run it, or save one of your own.");
  return launch;
}
