import { type RawBuilder, sql } from "kysely";

/** Whether a send brought a graph of its own, so that the flow it names is not what its contacts went through. */
export const hasOwnGraph = (send: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql<boolean>`coalesce(${send}.options -> 'ownGraph' = 'true', false)`;
