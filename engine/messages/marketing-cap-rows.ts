import { sql } from "kysely";
import type { SendingRules } from "#contract/sending-rules.ts";
import type { Db } from "#db/client.ts";
import { messagesOf } from "#db/queries/rows-of-contact.ts";
import { uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import { isCounted } from "../execution/counted-rows.ts";

/**
 * How many more marketing messages each of these contacts may get, on all channels together: the smaller of what is left of the day
 * and of the week. What counts is what counts for the limit of all messages (contact-cap-rows.ts).
 */
export async function readMarketingRoom(
  db: Db,
  { workspaceId, contactIds }: { workspaceId: string; contactIds: readonly string[] },
  { marketingPerDay, marketingPerWeek }: Pick<SendingRules, "marketingPerDay" | "marketingPerWeek">,
  clock: Clock,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ id: string; left: number }>`
    select c.id, least(${marketingPerDay ?? noLimit}::int - had.day, ${marketingPerWeek ?? noLimit}::int - had.week)::int as left
    from unnest(${uuidArray([...new Set(contactIds)])}::uuid[]) as c (id)
    cross join lateral (
      select count(*) filter (where m.created_at > ${clock.now} - interval '1 day') as day, count(*) as week
      from ${messagesOf(sql`c.id`, sql`${clock.now} - interval '7 days'`)}
      where ${isCounted(workspaceId)} and m.kind = 'marketing'
    ) had`.execute(db);
  return new Map(rows.map(({ id, left }) => [id, left]));
}
const noLimit = 1_000_000;
