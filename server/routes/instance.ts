import type { Db, Tx } from "#db/client.ts";
import { insertAuditEntryInAll } from "#db/queries/audit-log.ts";
import {
  deleteInstanceAdmin,
  findInsiderByEmail,
  insertInstanceAdmin,
  insertInstanceEntry,
  lockInstanceAdmins,
  mayMembersCreateWorkspaces,
  readInstanceSettings,
  setMembersMayCreateWorkspaces,
} from "#db/queries/instance-admins.ts";
import { liftFence, readFence } from "#db/queries/send-fence.ts";
import { conflict, invalid, notFound } from "../http/errors.ts";
import type { Handlers, Principal } from "../http/handler.ts";

// The owner's login is used here: this concerns all workspaces, and no policy of a workspace speaks of it. Each change
// and its line in the log of the instance are one transaction.

export const instanceRoutes = {
  getInstance: async ({ resources }) => ({ sendingHeldSince: (await readFence(resources.ownerDb))?.toISOString() ?? null }),

  releaseSending: async ({ resources, principal }) => {
    const { ownerDb, dataFiles, log } = resources;
    const lifted = await change(ownerDb, principal, async (tx) => {
      const lifted = await liftFence(tx, { userId: principal.userId, files: dataFiles });
      const entry = { action: "instance.release_sending", details: { lifted } };
      await insertAuditEntryInAll(tx, { actorId: principal.userId, actorName: principal.name, ...entry });
      return { answer: lifted, ...entry };
    });
    if (lifted) log.warn({ userId: principal.userId }, "An instance admin has allowed this copy of the data to send");
    return { sendingHeldSince: null };
  },

  getInstanceSettings: async ({ resources }) => readInstanceSettings(resources.ownerDb),

  updateInstanceSettings: async ({ resources, principal, body }) =>
    change(resources.ownerDb, principal, async (tx) => {
      const before = { membersMayCreateWorkspaces: await mayMembersCreateWorkspaces(tx) };
      await setMembersMayCreateWorkspaces(tx, body.membersMayCreateWorkspaces);
      return { answer: undefined, action: "instance.update", details: { before, ...body } };
    }).then(() => readInstanceSettings(resources.ownerDb)),

  addInstanceAdmin: async ({ resources, principal, body }) => {
    const { ownerDb, identity } = resources;
    const person = await findInsiderByEmail(ownerDb, { email: body.email, kind: identity.way.kind });
    if (!person) {
      const message = "Nobody in a workspace of this instance has this address. Invite them to a workspace first.";
      throw invalid([{ path: "email", message }]);
    }
    await change(ownerDb, principal, async (tx) => {
      const added = await insertInstanceAdmin(tx, { userId: person.id, namedBy: principal.userId });
      if (!added) throw conflict("conflict", "This person is an instance admin already.");
      return { answer: undefined, action: "instance.add_admin", subjectId: person.id };
    });
    return readInstanceSettings(ownerDb);
  },

  removeInstanceAdmin: async ({ resources, principal, params }) => {
    const { ownerDb } = resources;
    await change(ownerDb, principal, async (tx) => {
      const admins = await lockInstanceAdmins(tx);
      if (!admins.includes(params.id)) throw notFound();
      if (admins.length === 1) throw conflict("last_instance_admin", "This is the last instance admin. Name somebody else first.");
      await deleteInstanceAdmin(tx, params.id);
      return { answer: undefined, action: "instance.remove_admin", subjectId: params.id };
    });
    return readInstanceSettings(ownerDb);
  },
} satisfies Pick<
  Handlers,
  "getInstance" | "releaseSending" | "getInstanceSettings" | "updateInstanceSettings" | "addInstanceAdmin" | "removeInstanceAdmin"
>;

interface Done<T> {
  answer: T;
  action: string;
  subjectId?: string;
  details?: Record<string, unknown>;
}

function change<T>(db: Db, { userId, name }: Principal, work: (tx: Tx) => Promise<Done<T>>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    const { answer, ...entry } = await work(tx);
    await insertInstanceEntry(tx, { actorId: userId, actorName: name, ...entry });
    return answer;
  });
}
