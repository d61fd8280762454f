import { sql } from "kysely";
import type { Grants, Role } from "#contract/people.ts";
import type { Db } from "../client.ts";
import { roleRank } from "./members.ts";

/** Beyond so many nobody reads them one by one. */
const mostSends = 100;

/**
 * What a member gave out that would end with a lower role, or with their removal where `roleAfter` is undefined. It is the
 * rule by which the database itself ends them (private.end_grants). Runs as the owner: who leaves may not be able to see them.
 */
export async function listEndingGrants(
  db: Db,
  { workspaceId, userId, roleAfter }: { workspaceId: string; userId: string; roleAfter: Role | undefined },
): Promise<Grants> {
  const rank = roleAfter === undefined ? sql`0` : roleRank(sql`${roleAfter}::text`);
  const keys = await sql<{ id: string; name: string }>`
    select k.id, k.name from api_keys k join workspace_members m on m.workspace_id = k.workspace_id and m.user_id = k.member_id
    where k.workspace_id = ${workspaceId} and k.created_by = ${userId}::uuid and k.revoked_at is null and k.expires_at > now()
      and ${roleRank(sql`m.role`)} > ${rank}
    order by k.name, k.id`.execute(db);
  const invitations = await sql<{ id: string; email: string; role: Grants["invitations"][number]["role"] }>`
    select id, email, role from workspace_invitations
    where workspace_id = ${workspaceId} and invited_by = ${userId}::uuid and accepted_at is null and revoked_at is null
      and expires_at > now() and ${rank} < ${roleRank(sql`'admin'::text`)}
    order by email`.execute(db);
  const sends = await sql<{ id: string; flow_name: string; start_at: Date | null }>`
    select s.id, f.name as flow_name, case when p.start_at > now() then p.start_at end as start_at
    from flow_sends s join flows f on f.workspace_id = s.workspace_id and f.id = s.flow_id join workspaces w on w.id = s.workspace_id
    cross join lateral (select coalesce(s.start_at, (s.start ->> 'at')::timestamp at time zone w.time_zone) as start_at) p
    where s.workspace_id = ${workspaceId} and s.ended_at is null and s.state not in ('stopped', 'undone') and not s.is_test and s.parent_send_id is null
      and ${rank} < ${roleRank(sql`'editor'::text`)}
      and (s.launched_by = ${userId}::uuid or s.launched_by in (
        select k.member_id from api_keys k where k.workspace_id = s.workspace_id and k.created_by = ${userId}::uuid))
    order by s.created_at desc, s.id limit ${mostSends}`.execute(db);
  return {
    apiKeys: keys.rows,
    invitations: invitations.rows,
    sends: sends.rows.map(({ id, flow_name: flowName, start_at }) => ({ id, flowName, startAt: start_at?.toISOString() ?? null })),
  };
}
