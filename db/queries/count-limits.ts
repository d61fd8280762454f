import { type RawBuilder, sql } from "kysely";
import type { Counted } from "#contract/count-limits.ts";
import type { Tx } from "../client.ts";

/** What counts as one. A key that was revoked and an invitation that was used are kept, and do not count. */
const counted: Record<Counted, (workspaceId: string) => RawBuilder<{ many: number }>> = {
  secrets: (id) => sql`select count(*)::int as many from workspace_secrets where workspace_id = ${id}`,
  apiKeys: (id) => sql`
    select count(*)::int as many from api_keys where workspace_id = ${id} and revoked_at is null and expires_at > now()`,
  invitations: (id) => sql`
    select count(*)::int as many from workspace_invitations
    where workspace_id = ${id} and accepted_at is null and revoked_at is null and expires_at > now()`,
  members: (id) => sql`select count(*)::int as many from workspace_members where workspace_id = ${id} and kind = 'user'`,
  flows: (id) => sql`select count(*)::int as many from flows where workspace_id = ${id}`,
  flowFolders: (id) => sql`select count(*)::int as many from flow_folders where workspace_id = ${id}`,
  savedLaunches: (id) => sql`select count(*)::int as many from saved_launches where workspace_id = ${id}`,
  leadStatuses: (id) => sql`select count(*)::int as many from lead_statuses where workspace_id = ${id}`,
};

/**
 * Counts what a workspace holds, and lets one transaction at a time add to it until it ends. Without that, requests that come
 * in together would all count before any of them has added.
 */
export async function countToAdd(tx: Tx, { workspaceId, to }: { workspaceId: string; to: Counted }): Promise<number> {
  await takeTurnToAdd(tx, { workspaceId, to });
  const { rows } = await counted[to](workspaceId).execute(tx);
  return rows[0]?.many ?? 0;
}

/** Lets one transaction at a time change what a workspace holds of something, until it ends. */
export const takeTurnToAdd = (tx: Tx, { workspaceId, to }: { workspaceId: string; to: Counted }) => takeTurn(tx, `${to} of ${workspaceId}`);

/** The same for the workspaces that a person owns. Runs as the owner. */
export async function countWorkspacesToAdd(tx: Tx, { userId }: { userId: string }): Promise<number> {
  await takeTurn(tx, `workspaces of ${userId}`);
  const { rows } = await sql<{ many: number }>`
    select count(*)::int as many from workspace_members where user_id = ${userId}::uuid and role = 'owner'`.execute(tx);
  return rows[0]?.many ?? 0;
}

const takeTurn = (tx: Tx, what: string) => sql`select pg_advisory_xact_lock(hashtextextended(${what}, 0))`.execute(tx);
