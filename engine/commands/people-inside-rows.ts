import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import { uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import type { OfFlow } from "../execution/inside-rows.ts";
import { inLanes, isLaneHeld, isWakeUpHeld } from "../execution/inside-rows.ts";

/** How many people stand at a node of a version. */
export interface PeopleAt {
  version_id: string;
  /** Empty: they have not begun. */
  node_id: string;
  people: number;
  /** Of these: in the hands of a worker now, or in the middle of a call. */
  in_hand: number;
}

/**
 * Counts the people who are in a flow now, by version and node. Those who rest have a wake-up, and a version has an index on its
 * wake-ups, because nothing else tells people who are inside from all who ever were.
 */
export async function countPeople(db: Db, of: OfFlow, clock: Clock): Promise<PeopleAt[]> {
  const { rows } = await sql<PeopleAt>`
    select version_id, node_id, sum(people)::int as people, sum(in_hand)::int as in_hand from (
      select v.id as version_id, w.node_id, count(*) as people, count(*) filter (where ${isWakeUpHeld(clock)}) as in_hand
      from flow_versions v join wake_ups w on w.flow_version_id = v.id
      where v.workspace_id = ${of.workspaceId} and v.flow_id = ${of.flowId}::uuid group by 1, 2
      union all
      select e.flow_version_id, coalesce(e.current_node_id, ''), count(*), count(*) filter (where ${isLaneHeld})
      from ${inLanes(of)} group by 1, 2
    ) each group by 1, 2`.execute(db);
  return rows;
}

/** Since when the one who rests longest at a node has rested there, and until when the last one will. */
export async function readRests(
  db: Db,
  versionIds: readonly string[],
): Promise<{ version_id: string; node_id: string; since: Date | null; until: Date }[]> {
  const { rows } = await sql<{ version_id: string; node_id: string; since: Date | null; until: Date }>`
    select w.flow_version_id as version_id, w.node_id, min(s.started_at) as since, max(w.due_at) as until
    from wake_ups w
    join flow_executions e on e.id = w.flow_execution_id
    left join flow_execution_steps s on s.flow_execution_id = e.id and s.visit = e.visit and s.attempt = e.attempt and s.status = 'waiting'
    where w.flow_version_id = any(${uuidArray(versionIds)}::uuid[]) group by 1, 2`.execute(db);
  return rows;
}
