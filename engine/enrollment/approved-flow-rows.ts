import { type RawBuilder, sql } from "kysely";
import type { Tx } from "#db/client.ts";
import type { FrozenVersion } from "../flow/version-rows.ts";
import type { StartedVersions } from "./started-flows.ts";

// The versions of the flows that a send starts, directly or through another. They are held with its approval, or with the send itself where
// it needed none and sends of others wait for one.

interface OfSend {
  workspaceId: string;
  sendId: string;
}

/** Holds what was approved. Null stands for a flow that could not be started at that time. */
export async function holdStartedFlows(tx: Tx, { workspaceId, sendId }: OfSend, versions: StartedVersions): Promise<void> {
  await sql`update send_approvals set started_flows = ${JSON.stringify(versions)}::jsonb
    where workspace_id = ${workspaceId} and send_id = ${sendId}::uuid`.execute(tx);
}

/**
 * The version in which an execution of this send, or of one that was started below it, starts a flow: the one that was approved with
 * the send at the top, or the one that it was made with where sends wait for approvals. Undefined where none is held: it starts the
 * flow as it is. Null where the flow is none of those that are held.
 */
export async function findHeldVersion(
  tx: Tx,
  { workspaceId, sendId, flowId }: OfSend & { flowId: string },
): Promise<FrozenVersion | null | undefined> {
  const { rows } = await sql<{ id: string | null; number: number | null }>`
    select v.id, v.number from (
      select coalesce(case a.state when 'approved' then a.started_flows end, top.options -> 'startedFlows') as versions
      from flow_sends s
      join flow_sends top on top.workspace_id = s.workspace_id and top.id = coalesce(s.root_send_id, s.id)
      left join send_approvals a on a.workspace_id = top.workspace_id and a.send_id = top.id
      where s.workspace_id = ${workspaceId} and s.id = ${sendId}::uuid) held
    left join flow_versions v on v.workspace_id = ${workspaceId} and v.flow_id = ${flowId}::uuid and v.id = (held.versions ->> ${flowId})::uuid
    where held.versions is not null`.execute(tx);
  const [row] = rows;
  if (!row) return undefined;
  return row.id === null || row.number === null ? null : { id: row.id, number: row.number };
}

/**
 * Holds another version of a flow for the sends that are under way and hold what they start, and that send it or start it, because
 * somebody who may has given it to their people. What the new version starts besides is held too.
 */
export async function holdAnew(
  tx: Tx,
  { workspaceId, flowId, versionId }: { workspaceId: string; flowId: string; versionId: string },
  starts: StartedVersions,
): Promise<void> {
  const anew = (held: RawBuilder<unknown>) => sql`${JSON.stringify(starts)}::jsonb || ${held}
    || case when ${held} ? ${flowId} then jsonb_build_object(${flowId}::text, ${versionId}::text) else '{}' end`;
  const underWay = sql`(select coalesce(s.root_send_id, s.id) from flow_sends s
    where s.workspace_id = ${workspaceId} and s.flow_id = ${flowId}::uuid and s.ended_at is null)`;
  await sql`
    update send_approvals a set started_flows = ${anew(sql.ref("a.started_flows"))}
    where a.workspace_id = ${workspaceId} and a.state = 'approved' and a.started_flows is not null and a.send_id in ${underWay}`.execute(
    tx,
  );
  await sql`
    update flow_sends top set options = jsonb_set(top.options, '{startedFlows}', ${anew(sql`(top.options -> 'startedFlows')`)})
    where top.workspace_id = ${workspaceId} and top.options ? 'startedFlows' and top.id in ${underWay}`.execute(tx);
}
