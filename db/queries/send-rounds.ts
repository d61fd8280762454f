import type { RawBuilder } from "kysely";
import { sql } from "kysely";

/** A drip that is still with the few with whom it begins. These have moments of their own, and the rest has none before it follows. */
const isWithFew = sql`(s.drip is not null and exists (
  select from send_canaries k where k.workspace_id = s.workspace_id and k.send_id = s.id and k.few is not null and k.opened_at is null))`;

const ofFew = sql`from canary_executions c join flow_executions e on e.workspace_id = c.workspace_id and e.id = c.flow_execution_id
  where c.workspace_id = s.workspace_id and c.send_id = s.id`;

/** The moment of a send `s` at which it begins, or of the next round of its drip; null where it waits for neither, or nobody knows it. */
export const nextAtOfSend: RawBuilder<Date | null> = sql`
  case when ${isWithFew} then (select min(e.wake_at) ${ofFew} and e.status = 'pending') else s.next_at end`;

/** When the first contacts of a drip `s` begin, while none of them has. */
export const firstRoundOfSend: RawBuilder<Date | null> = sql`
  case when ${isWithFew} then (select min(e.wake_at) ${ofFew} having bool_and(e.status = 'pending'))
    when s.drip is not null and s.drip_round_at is null then s.next_at end`;
