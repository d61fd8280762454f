import { sql } from "kysely";
import type { Tx } from "#db/client.ts";
import { hasOpenCanary } from "#db/queries/send-going.ts";
import type { Clock } from "../base/clock.ts";

/**
 * Adds lanes to a send. No turn takes them before the start of the send on the workspace's clock, or while the send can
 * still be undone. A send that begins by each contact's own clock has no lanes; each execution has a wake-up instead. One that
 * begins with a few has none until the rest follows.
 */
export async function addLanes(tx: Tx, sendId: string, lanes: { first: number; count: number }, clock: Clock): Promise<void> {
  await sql`
    insert into private.send_lanes (send_id, lane, workspace_id, from_seq, ready_at, served_at)
    select s.id, n, s.workspace_id, n * s.chunk_size, greatest(s.created_at, s.undo_until, s.start_at), ${clock.now}
    from flow_sends s cross join generate_series(${lanes.first}::int, ${lanes.first + lanes.count - 1}::int) as n
    where s.id = ${sendId}::uuid and s.start ->> 'zone' is distinct from 'contact' and not ${hasOpenCanary(sql`s.id`)}
    on conflict do nothing`.execute(tx);
}
