import { sql } from "kysely";
import type { FlowPerson } from "#contract/flow-people.ts";
import type { Db, Tx } from "../client.ts";

interface OfMember {
  workspaceId: string;
  flowId: string;
  userId: string;
}

export async function writeFavourite(tx: Tx, { workspaceId, flowId, userId, favourite }: OfMember & { favourite: boolean }): Promise<void> {
  await sql`
    insert into member_flows (workspace_id, user_id, flow_id, is_favourite)
    values (${workspaceId}, ${userId}::uuid, ${flowId}::uuid, ${favourite})
    on conflict (workspace_id, user_id, flow_id) do update set is_favourite = excluded.is_favourite`.execute(tx);
}

/** Notes that a member has opened a flow. Where it was deleted meanwhile, nothing is noted. */
export async function writeOpened(tx: Tx, { workspaceId, flowId, userId }: OfMember): Promise<void> {
  await sql`
    insert into member_flows (workspace_id, user_id, flow_id, opened_at)
    select f.workspace_id, ${userId}::uuid, f.id, now() from flows f where f.workspace_id = ${workspaceId} and f.id = ${flowId}::uuid
    on conflict (workspace_id, user_id, flow_id) do update set opened_at = excluded.opened_at`.execute(tx);
}

interface Tab extends OfMember {
  tab: string;
}

/** A tab is in the flow, or still is. Nothing is written where the member or the flow has gone. Runs as the owner. */
export async function writePresence(db: Db, { workspaceId, flowId, userId, tab, name }: Tab & { name: string }): Promise<void> {
  await sql`
    insert into private.flow_presence (workspace_id, flow_id, user_id, tab, name)
    select m.workspace_id, f.id, m.user_id, ${tab}::uuid, ${name}
    from workspace_members m join flows f on f.workspace_id = m.workspace_id and f.id = ${flowId}::uuid and f.deleted_at is null
    where m.workspace_id = ${workspaceId} and m.user_id = ${userId}::uuid
    on conflict (workspace_id, flow_id, user_id, tab) do update set seen_at = now(), name = excluded.name`.execute(db);
}

export async function removePresence(db: Db, { workspaceId, flowId, userId, tab }: Tab): Promise<void> {
  await db
    .deleteFrom("private.flow_presence")
    .where("workspace_id", "=", workspaceId)
    .where("flow_id", "=", flowId)
    .where("user_id", "=", userId)
    .where("tab", "=", tab)
    .execute();
}

/** Who has a flow open, in the order in which they came. A tab that was not heard of for `silentSeconds` has died. */
export async function listPresence(
  db: Db,
  { workspaceId, flowId, silentSeconds }: { workspaceId: string; flowId: string; silentSeconds: number },
): Promise<FlowPerson[]> {
  const { rows } = await sql<Omit<FlowPerson, "since"> & { since: Date }>`
    select user_id as "userId", max(name) as name, count(*)::int as tabs, min(came_at) as since from private.flow_presence
    where workspace_id = ${workspaceId} and flow_id = ${flowId}::uuid and seen_at > now() - make_interval(secs => ${silentSeconds})
    group by user_id order by min(came_at), user_id`.execute(db);
  return rows.map(({ since, ...person }) => ({ ...person, since: since.toISOString() }));
}
