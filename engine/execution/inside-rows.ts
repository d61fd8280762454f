import { sql } from "kysely";
import type { Clock } from "../base/clock.ts";

export interface OfFlow {
  workspaceId: string;
  flowId: string;
}

/**
 * The executions that no wake-up brings on but the lanes of their send, as `flow_executions e` and `flow_sends s`: those that
 * have not begun, and those that a pass left in the middle. Lanes have passed everything below where the last of them stands.
 */
export const inLanes = ({ workspaceId, flowId }: OfFlow) => sql`
  flow_sends s cross join lateral (
    select case when s.enrolled_at is null then 0 else min(l.from_seq) end as first from private.send_lanes l where l.send_id = s.id) l
  join flow_executions e on e.send_id = s.id and e.seq >= l.first
  where s.workspace_id = ${workspaceId} and s.flow_id = ${flowId}::uuid and s.ended_at is null and s.state not in ('stopped', 'undone')
    and e.status in ('pending', 'running') and e.wake_at is null`;

/** Whether a worker has the wake-up `w` in hand, or makes its call. */
export const isWakeUpHeld = (clock: Clock) =>
  sql`(coalesce(w.call_lease > ${clock.now}, false) or exists (select from private.turns t where t.id = w.turn_id))`;

/** Whether a worker has the portion of a lane in hand to which the execution `e` belongs. */
export const isLaneHeld = sql`exists (select from private.send_lanes t join private.turns u on u.id = t.turn_id
  where t.send_id = e.send_id and e.seq >= t.from_seq and e.seq < t.upto_seq)`;
