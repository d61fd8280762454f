import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";

/**
 * A condition on `private.send_lanes l` and its send `flow_sends s`: a turn may take the lane now. The send is neither
 * paused nor over, the lane's moment has come, its chunk is enrolled, and no living turn holds it.
 *
 * It is a fragment and not a function of the database, because Postgres does not inline a function that has a subquery,
 * and the statements would lose their indexes.
 *
 * @param now a subquery, so that Postgres evaluates it once per statement
 */
export const isLaneReady = (now: RawBuilder<Date>): RawBuilder<SqlBool> =>
  sql<SqlBool>`(s.state in ('enrolling', 'running') and l.ready_at <= ${now}
    and (s.enrolled_at is not null or l.from_seq + s.chunk_size <= s.enrolled)
    and not exists (select from private.turns t where t.id = l.turn_id))`;
