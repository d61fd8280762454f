import { sql } from "kysely";
import type { Invitation } from "#contract/people.ts";
import type { Db, Tx } from "../client.ts";

const columns = ["id", "email", "role", "created_at", "expires_at"] as const;

/** Invitations somebody can still use, newest first. */
export async function listOpenInvitations(db: Db, workspaceId: string): Promise<Invitation[]> {
  const rows = await db
    .selectFrom("workspace_invitations")
    .select(columns)
    .where("workspace_id", "=", workspaceId)
    .where("accepted_at", "is", null)
    .where("revoked_at", "is", null)
    .where("expires_at", ">", sql<Date>`now()`)
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .execute();
  return rows.map(toInvitation);
}

export interface NewInvitationRow {
  workspaceId: string;
  email: string;
  role: Invitation["role"];
  tokenHash: Buffer;
  invitedBy: string;
  days: number;
}

/** A second invitation of the same address takes the place of the first, whose link then no longer works. */
export async function insertInvitation(tx: Tx, invitation: NewInvitationRow): Promise<Invitation> {
  await tx
    .updateTable("workspace_invitations")
    .set({ revoked_at: sql`now()` })
    .where("workspace_id", "=", invitation.workspaceId)
    .where("email", "=", invitation.email.toLowerCase())
    .where("accepted_at", "is", null)
    .where("revoked_at", "is", null)
    .execute();
  const row = await tx
    .insertInto("workspace_invitations")
    .values({
      workspace_id: invitation.workspaceId,
      email: invitation.email.toLowerCase(),
      role: invitation.role,
      token_hash: invitation.tokenHash,
      invited_by: invitation.invitedBy,
      expires_at: sql`now() + make_interval(days => ${invitation.days}::integer)`,
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
  return toInvitation(row);
}

export async function revokeInvitation(db: Db, { workspaceId, id }: { workspaceId: string; id: string }): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("workspace_invitations")
    .set({ revoked_at: sql`now()` })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .where("accepted_at", "is", null)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Only who may invite now stands behind an invitation. */
const inviterStillMay = sql`exists (
  select from workspace_members inviter where inviter.workspace_id = i.workspace_id and inviter.user_id = i.invited_by
    and inviter.role in ('admin', 'owner'))`;

export interface PresentedInvitation {
  id: string;
  workspaceId: string;
  workspaceName: string;
  email: string;
  role: Invitation["role"];
  isUsable: boolean;
}

/**
 * The invitation behind a link. Runs as the owner, because whoever holds the link is not a member yet. With `lock`
 * everybody else with the same link waits for the end of the transaction.
 */
export async function findInvitationByToken(
  db: Db,
  { tokenHash, lock }: { tokenHash: Buffer; lock: boolean },
): Promise<PresentedInvitation | undefined> {
  const row = await db
    .selectFrom("workspace_invitations as i")
    .innerJoin("workspaces as w", "w.id", "i.workspace_id")
    .select([
      "i.id",
      "i.workspace_id",
      "w.name",
      "i.email",
      "i.role",
      sql<boolean>`i.accepted_at is null and i.revoked_at is null and i.expires_at > clock_timestamp() and ${inviterStillMay}`.as(
        "is_usable",
      ),
    ])
    .where("i.token_hash", "=", tokenHash)
    .$if(lock, (query) => query.forUpdate("i"))
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    workspaceName: row.name,
    email: row.email,
    role: row.role as Invitation["role"],
    isUsable: row.is_usable,
  };
}

export async function markInvitationAccepted(tx: Tx, id: string): Promise<void> {
  await tx.updateTable("workspace_invitations").set({ accepted_at: sql`now()` }).where("id", "=", id).execute();
}

function toInvitation(row: { id: string; email: string; role: string; created_at: Date; expires_at: Date }): Invitation {
  return {
    id: row.id,
    email: row.email,
    role: row.role as Invitation["role"],
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  };
}
