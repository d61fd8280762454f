import { sql } from "kysely";
import type { Db } from "../client.ts";

// Everything here runs as the owner: nobody else reads the number of somebody's telephone.

interface OfMember {
  workspaceId: string;
  userId: string;
}

export interface MemberPhone {
  phone: string;
  isProven: boolean;
}

export async function findMemberPhone(db: Db, { workspaceId, userId }: OfMember): Promise<MemberPhone | undefined> {
  const row = await db
    .selectFrom("private.member_phones")
    .select(["phone", "proven_at"])
    .where("workspace_id", "=", workspaceId)
    .where("user_id", "=", userId)
    .executeTakeFirst();
  return row && { phone: row.phone, isProven: row.proven_at !== null };
}

/** Keeps a number with the code that is sent to it. The number before is forgotten. */
export async function writeMemberPhone(
  db: Db,
  { workspaceId, userId, phone, codeHash, minutes }: OfMember & { phone: string; codeHash: Buffer; minutes: number },
): Promise<void> {
  await sql`
    insert into private.member_phones (workspace_id, user_id, phone, code_hash, code_expires_at)
    values (${workspaceId}, ${userId}::uuid, ${phone}, ${codeHash}, now() + make_interval(mins => ${minutes}::integer))
    on conflict (workspace_id, user_id) do update set phone = excluded.phone, code_hash = excluded.code_hash,
      code_expires_at = excluded.code_expires_at, code_tries = 0, proven_at = null`.execute(db);
}

export type ProofOutcome = "proven" | "wrong" | "too_late" | "none";

/** Compares a code with the one that was sent, in one statement, so that many tries at once are counted one by one. */
export async function proveMemberPhone(
  db: Db,
  { workspaceId, userId, codeHash, tries }: OfMember & { codeHash: Buffer; tries: number },
): Promise<ProofOutcome> {
  const { rows } = await sql<{ outcome: ProofOutcome }>`
    update private.member_phones p set
      code_tries = p.code_tries + 1,
      proven_at = case when n.outcome = 'proven' then now() else p.proven_at end,
      code_hash = case when n.outcome = 'proven' then null else p.code_hash end
    from (
      select workspace_id, user_id, case
        when code_expires_at <= clock_timestamp() or code_tries >= ${tries}::integer then 'too_late'
        when code_hash = ${codeHash}::bytea then 'proven' else 'wrong' end as outcome
      from private.member_phones
      where workspace_id = ${workspaceId} and user_id = ${userId}::uuid and code_hash is not null
      for update
    ) n
    where p.workspace_id = n.workspace_id and p.user_id = n.user_id
    returning n.outcome`.execute(db);
  return rows[0]?.outcome ?? "none";
}

export async function removeMemberPhone(db: Db, { workspaceId, userId }: OfMember): Promise<void> {
  await db.deleteFrom("private.member_phones").where("workspace_id", "=", workspaceId).where("user_id", "=", userId).execute();
}
