import type { RawBuilder } from "kysely";
import { sql } from "kysely";

/**
 * The only source of time: an expression that the database evaluates, so that no machine's own clock counts. Once per
 * statement (a subquery): asked for every row it could not be looked up in an index, and each look for what is due would
 * read everybody who sleeps, 25 ms for 300,000 instead of 1.
 */
export interface Clock {
  now: RawBuilder<Date>;
}

export const databaseClock: Clock = { now: sql<Date>`(select clock_timestamp())` };

/** A clock for tests that can be turned forward; it runs on the database's, too. */
export interface TestClock extends Clock {
  forward(milliseconds: number): void;
}

export function createTestClock(): TestClock {
  let ahead = 0;
  return {
    get now() {
      return sql<Date>`(select clock_timestamp() + ${ahead}::float8 * interval '1 millisecond')`;
    },
    forward: (milliseconds) => {
      ahead += milliseconds;
    },
  };
}

/**
 * The database's time between two looks at it: its clock when a pass was read, plus what has gone by here since. It
 * never runs ahead of the database, because the count begins when the answer has arrived.
 */
export function runFrom(databaseNow: Date): () => number {
  const start = databaseNow.getTime();
  const arrived = performance.now();
  return () => start + (performance.now() - arrived);
}
