import { type Grants, type Member, type Role, roleCovers } from "#contract/people.ts";
import type { Tx } from "#db/client.ts";
import { insertAuditEntry } from "#db/queries/audit-log.ts";
import { listEndingGrants } from "#db/queries/grants.ts";
import { isInstanceAdmin } from "#db/queries/instance-admins.ts";
import { deleteMember, findMember, listMembers, lockOwners, type MemberRow, setMemberRole } from "#db/queries/members.ts";
import { ownsEveryWorkspaceOf } from "#db/queries/password-resets.ts";
import { listPeople } from "#db/queries/people.ts";
import { createPasswordReset } from "../commands/reset-password.ts";
import type { Resources } from "../compose/resources.ts";
import { conflict, forbidden, notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";
import { actorNameOf } from "../http/principal.ts";
import { requirePasswordsHere } from "../http/supabase-identity.ts";

export const memberRoutes = {
  listMembers: async ({ resources, db, workspaceId }) => ({ items: await withNames(resources, await listMembers(db, workspaceId)) }),

  updateMember: async ({ resources, db, workspaceId, role, params, body, note }) => {
    const before = await lockForChange(db, { workspaceId, userId: params.id, actorRole: role, roleAfter: body.role });
    const isLower = before.role !== body.role && roleCovers(before.role, body.role);
    const ended = isLower
      ? await listEndingGrants(resources.ownerDb, { workspaceId, userId: params.id, roleAfter: body.role })
      : { apiKeys: [], invitations: [], sends: [] };
    await setMemberRole(db, { workspaceId, userId: params.id, role: body.role });
    note({ details: { from: before.role, to: body.role, ...(isLower ? { ended: idsOf(ended) } : {}) } });
    const [member] = await withNames(resources, [{ ...before, role: body.role }]);
    return member as Member;
  },

  listEndingGrants: async ({ resources, db, workspaceId, principal, role, params, query }) => {
    if (params.id !== principal.userId && !roleCovers(role, "admin")) throw onlyAdmins("see what others gave out", role);
    if (!(await findMember(db, { workspaceId, userId: params.id }))) throw notFound();
    return listEndingGrants(resources.ownerDb, { workspaceId, userId: params.id, roleAfter: query.role });
  },

  removeMember: async ({ resources, db, workspaceId, principal, role, params, note }) => {
    const isLeaving = params.id === principal.userId;
    if (!isLeaving && !roleCovers(role, "admin")) throw onlyAdmins("remove others", role);
    const before = await lockForChange(db, { workspaceId, userId: params.id, actorRole: role, roleAfter: undefined });
    const ended = await listEndingGrants(resources.ownerDb, { workspaceId, userId: params.id, roleAfter: undefined });
    // Written first: somebody who has left writes nothing here any more.
    await insertAuditEntry(db, {
      workspaceId,
      actorId: principal.userId,
      actorName: actorNameOf(principal),
      action: isLeaving ? "member.leave" : "member.remove",
      subjectId: params.id,
      details: { role: before.role, ended: idsOf(ended) },
    });
    note({ isWritten: true });
    await deleteMember(db, { workspaceId, userId: params.id });
    return { success: true };
  },

  resetMemberPassword: async ({ resources, db, workspaceId, principal, params }) => {
    const { ownerDb, identity, publicUrl } = resources;
    requirePasswordsHere(identity);
    const found = await findMember(db, { workspaceId, userId: params.id });
    const person = found && (await listPeople(ownerDb, [params.id])).get(params.id);
    if (!person) throw notFound();
    if (params.id === principal.userId) throw conflict("conflict", "Change your own password under Settings, Account.");
    const mayActOnInstance = (await isInstanceAdmin(ownerDb, principal.userId)) || !(await isInstanceAdmin(ownerDb, params.id));
    if (!mayActOnInstance || !(await ownsEveryWorkspaceOf(ownerDb, { ownerId: principal.userId, userId: params.id }))) {
      throw forbidden(
        "This person also belongs to a workspace that is not yours, or acts on the whole instance, and a new password opens that too. The person who runs this server can help: npm run reset-password.",
      );
    }
    return createPasswordReset(ownerDb, { userId: params.id, createdBy: principal.userId, publicUrl, hours: 24 });
  },
} satisfies Pick<Handlers, "listMembers" | "listEndingGrants" | "updateMember" | "removeMember" | "resetMemberPassword">;

const onlyAdmins = (what: string, role: Role) => forbidden(`Only admins and owners ${what}. Your role in this workspace is ${role}.`);

/** The audit log names them by id: an address of an invited person does not belong there. */
const idsOf = ({ apiKeys, invitations }: Grants) => ({
  apiKeys: apiKeys.map(({ id }) => id),
  invitations: invitations.map(({ id }) => id),
});

interface Change {
  workspaceId: string;
  userId: string;
  actorRole: Role;
  /** Undefined if the member is removed. */
  roleAfter: Role | undefined;
}

/**
 * Finds and locks the member. It refuses a change that would leave the workspace without an owner, and one by which an
 * admin would change an owner or become one.
 */
async function lockForChange(db: Tx, { workspaceId, userId, actorRole, roleAfter }: Change): Promise<MemberRow> {
  const owners = await lockOwners(db, workspaceId);
  const member = await findMember(db, { workspaceId, userId });
  if (!member) throw notFound();
  const touchesOwner = member.role === "owner" || roleAfter === "owner";
  if (touchesOwner && !roleCovers(actorRole, "owner")) throw forbidden("Only an owner may make, change or remove an owner.");
  if (member.role === "owner" && roleAfter !== "owner" && owners <= 1) {
    throw conflict("last_owner", "This is the last owner. Make somebody else an owner first.");
  }
  return member;
}

/**
 * Names are not in the workspace's own tables. A member whose account is elsewhere or gone is listed without a name.
 */
async function withNames({ ownerDb }: Resources, rows: readonly MemberRow[]): Promise<Member[]> {
  const people = await listPeople(
    ownerDb,
    rows.map(({ userId }) => userId),
  );
  return rows.map((row) => ({ ...row, name: people.get(row.userId)?.name ?? "", email: people.get(row.userId)?.email ?? "" }));
}
