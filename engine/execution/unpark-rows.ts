import { sql } from "kysely";
import type { Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";

/** Makes the wake-ups due now that fell due while their send was paused, or while the rest of it waited for its few. */
export async function unparkWakeUps(tx: Tx, sendId: string, clock: Clock): Promise<void> {
  await sql`
    update wake_ups w set due_at = ${clock.now} from flow_executions e
    where e.send_id = ${sendId}::uuid and e.status in ('pending', 'running') and e.wake_at <= ${clock.now}
      and w.flow_execution_id = e.id and w.due_at > ${clock.now} and w.turn_id is null`.execute(tx);
}
