import { type Member, type Role, roleCovers } from "#contract/people.ts";
import type { Tx } from "#db/client.ts";
import { deleteMember, findMember, listMembers, lockOwners, type MemberRow, setMemberRole } from "#db/queries/members.ts";
import { listPeople } from "#db/queries/people.ts";
import type { Resources } from "../compose/resources.ts";
import { conflict, forbidden, notFound } from "../http/errors.ts";
import type { Handlers } from "../http/handler.ts";

export const memberRoutes = {
  listMembers: async ({ resources, db, workspaceId }) => ({ items: await withNames(resources, await listMembers(db, workspaceId)) }),

  updateMember: async ({ resources, db, workspaceId, role, params, body, note }) => {
    const before = await lockForChange(db, { workspaceId, userId: params.id, actorRole: role, roleAfter: body.role });
    await setMemberRole(db, { workspaceId, userId: params.id, role: body.role });
    note({ details: { from: before.role, to: body.role } });
    const [member] = await withNames(resources, [{ ...before, role: body.role }]);
    return member as Member;
  },

  removeMember: async ({ db, workspaceId, role, params, note }) => {
    const before = await lockForChange(db, { workspaceId, userId: params.id, actorRole: role, roleAfter: undefined });
    await deleteMember(db, { workspaceId, userId: params.id });
    note({ details: { role: before.role } });
    return { success: true };
  },
} satisfies Pick<Handlers, "listMembers" | "updateMember" | "removeMember">;

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
