import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import { oneByOne } from "../jobs/work-sizes.ts";

/**
 * A condition on `flow_sends s`: its executions may be handed over one by one, because there are few of them. A send that
 * the executions of another send have started is as large as the first of its chain.
 */
export const goesOneByOne: RawBuilder<SqlBool> = sql<SqlBool>`(coalesce((select first.expected from flow_sends first where first.id = s.root_send_id), s.expected)
  <= ${oneByOne})`;
