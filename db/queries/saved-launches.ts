import { sql } from "kysely";
import { type SavedLaunch, type SavedLaunchInput, type SavedLaunchPatch, SavedTerms } from "#contract/saved-launches.ts";
import type { Tx } from "../client.ts";

interface Caller {
  workspaceId: string;
  userId: string;
  /** Whether they may change what others share. */
  isAdmin: boolean;
}

interface Row {
  id: string;
  name: string;
  flow_id: string;
  flow_name: string;
  is_shared: boolean;
  made_by: string | null;
  made_by_name: string | null;
  terms: unknown;
  created_at: Date;
  last_send: (Omit<NonNullable<SavedLaunch["lastSend"]>, "createdAt"> & { createdAt: string }) | null;
}

/** One's own and those that are shared, the last used first. Launches of flows in the bin are not told. */
export async function listSavedLaunches(tx: Tx, caller: Caller, only?: string): Promise<SavedLaunch[]> {
  const { workspaceId, userId, isAdmin } = caller;
  const { rows } = await sql<Row>`
    select l.id, l.name, l.flow_id, f.name as flow_name, l.is_shared, l.made_by, l.made_by_name, l.terms, l.created_at, s.last_send
    from saved_launches l
    join flows f on f.workspace_id = l.workspace_id and f.id = l.flow_id and f.deleted_at is null
    left join lateral (
      select s.created_at, json_build_object('id', s.id, 'state', s.state, 'createdAt', s.created_at, 'total', s.expected,
        'enrolled', s.enrolled, 'reached', s.reached, 'failed', s.failed + s.partial_failure) as last_send
      from flow_sends s where s.workspace_id = l.workspace_id and s.saved_launch_id = l.id order by s.created_at desc limit 1) s on true
    where l.workspace_id = ${workspaceId} and (l.is_shared or l.made_by = ${userId}::uuid)
      ${only === undefined ? sql`` : sql`and l.id = ${only}::uuid`}
    order by coalesce(s.created_at, l.created_at) desc, l.id`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    flowId: row.flow_id,
    flowName: row.flow_name,
    shared: row.is_shared,
    madeByName: row.made_by_name,
    mayChange: row.made_by === userId || (row.is_shared && isAdmin),
    terms: SavedTerms.safeParse(row.terms).data ?? null,
    createdAt: row.created_at.toISOString(),
    lastSend: row.last_send && { ...row.last_send, createdAt: new Date(row.last_send.createdAt).toISOString() },
  }));
}

export async function findSavedLaunch(tx: Tx, { id, ...caller }: Caller & { id: string }): Promise<SavedLaunch | undefined> {
  const [found] = await listSavedLaunches(tx, caller, id);
  return found;
}

export async function insertSavedLaunch(
  tx: Tx,
  { workspaceId, userId, userName, launch }: { workspaceId: string; userId: string; userName: string | null; launch: SavedLaunchInput },
): Promise<string> {
  const row = await tx
    .insertInto("saved_launches")
    .values({
      workspace_id: workspaceId,
      flow_id: launch.flowId,
      name: launch.name,
      is_shared: launch.shared,
      terms: JSON.stringify(launch.terms),
      made_by: userId,
      made_by_name: userName,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return row.id;
}

/** Returns whether there is one that the caller may change; the policies of the table decide. */
export async function updateSavedLaunch(
  tx: Tx,
  { workspaceId, id, patch }: { workspaceId: string; id: string; patch: SavedLaunchPatch },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("saved_launches")
    .set({
      ...(patch.name !== undefined && { name: patch.name }),
      ...(patch.shared !== undefined && { is_shared: patch.shared }),
      ...(patch.terms !== undefined && { terms: JSON.stringify(patch.terms) }),
      updated_at: sql`now()`,
    })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function deleteSavedLaunch(tx: Tx, { workspaceId, id }: { workspaceId: string; id: string }): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom("saved_launches")
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}
