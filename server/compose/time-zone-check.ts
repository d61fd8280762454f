import { sql } from "kysely";
import type { Logger } from "pino";
import { leaveOutUnknownZones } from "#contract/time-zones.ts";
import type { Db } from "#db/client.ts";

/**
 * Compares the time zones that can be chosen with those that Postgres and this Node know, at each start. One that either
 * lacks is refused from then on, because the two would read the clocks of its contacts in two ways.
 */
export async function checkTimeZones(db: Db, log: Logger): Promise<void> {
  const { rows } = await sql<{ name: string }>`select name from pg_timezone_names`.execute(db);
  const missing = leaveOutUnknownZones(new Set(rows.map(({ name }) => name)));
  if (missing.length === 0) return;
  log.warn(
    { timeZones: missing },
    "Postgres or Node does not know these time zones, so they cannot be chosen. Contacts there follow the clock of their workspace. Update the time zone data of the one that lacks them.",
  );
}
