import { sql } from "kysely";
import type { Tx } from "#db/client.ts";
import { executionsOf } from "#db/queries/rows-of-contact.ts";
import { uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";

/** Executions that flows may start for one contact within a day. */
export const mostStartsPerContactDay = 100;

/** Executions that flows may start below a send that a person or program made: so many for each of its contacts, at least the number beside it. */
const startsPerEnrolled = 20;
const fewestBelowSend = 1_000;

export interface StartBudget {
  /** Executions that may still be started below the send at the root. */
  belowRoot: number;
  /** Executions that flows started within the last day, by contact; contacts without any are left out. */
  startedFor: ReadonlyMap<string, number>;
}

/**
 * Reads what is left of the two budgets. Flows that start flows multiply with every level, so depth alone does not bound
 * them. Transactions that start flows at the same moment do not see each other, so each may go over by its own batch.
 */
export async function readStartBudget(
  tx: Tx,
  { workspaceId, sendId, contactIds }: { workspaceId: string; sendId: string; contactIds: readonly string[] },
  clock: Clock,
): Promise<StartBudget> {
  const { rows } = await sql<{ below_root: number; started: Record<string, number> | null }>`
    with root as materialized (
      select r.id, greatest(${fewestBelowSend}::bigint, ${startsPerEnrolled}::bigint * greatest(r.enrolled, r.expected)) as whole
      from flow_sends s join flow_sends r on r.id = coalesce(s.root_send_id, s.id)
      where s.id = ${sendId}::uuid and s.workspace_id = ${workspaceId} and r.workspace_id = ${workspaceId}
    )
    select (root.whole - coalesce((select sum(b.expected) from flow_sends b where b.root_send_id = root.id), 0))::float8 as below_root, (
      select jsonb_object_agg(c.id, had.count) from unnest(${uuidArray([...new Set(contactIds)])}::uuid[]) as c (id)
      cross join lateral (
        select count(*) from (
          select from ${executionsOf(sql`c.id`, sql`${clock.now} - interval '1 day'`)}
          where e.workspace_id = ${workspaceId} and e.source = 'flow'
          limit ${mostStartsPerContactDay}
        ) recent
      ) had
      where had.count > 0
    ) as started from root`.execute(tx);
  const [row] = rows;
  return { belowRoot: row?.below_root ?? 0, startedFor: new Map(Object.entries(row?.started ?? {})) };
}
