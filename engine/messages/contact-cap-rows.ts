import { type RawBuilder, type SqlBool, sql } from "kysely";
import { messageLimits } from "#contract/queue.ts";
import type { Db } from "#db/client.ts";
import { messagesOf } from "#db/queries/rows-of-contact.ts";
import { uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import { isCounted } from "../execution/counted-rows.ts";

/**
 * Reads how many more messages each contact may get, of those who got one within the last day. Contacts who got none are
 * not in the answer; they may get `whole`. A message counts from the moment at which it is claimed, on any channel and
 * whatever its provider said later, but not if it is certain that it did not leave.
 *
 * Two workers that write to one contact at the same moment do not see each other's claims, so the limit may be exceeded by
 * one message for each of them.
 */
export async function readContactRoom(
  db: Db,
  { workspaceId, contactIds }: { workspaceId: string; contactIds: readonly string[] },
  clock: Clock,
): Promise<{ whole: number; left: ReadonlyMap<string, number> }> {
  const { rows } = await sql<{ whole: number; had: Record<string, number> | null }>`
    with cap as materialized (${wholeCap(workspaceId)})
    select whole, (
      select jsonb_object_agg(c.id, had.count) from unnest(${uuidArray([...new Set(contactIds)])}::uuid[]) as c (id)
      cross join lateral (
        select count(*) from (
          select from ${messagesOf(sql`c.id`, daysAgo(clock))} where ${isCounted(workspaceId)} limit cap.whole
        ) recent
      ) had
      where had.count > 0
    ) as had from cap`.execute(db);
  const { whole, had } = rows[0] as (typeof rows)[0];
  return { whole, left: new Map(Object.entries(had ?? {}).map(([id, count]) => [id, whole - count])) };
}

/** A message that a contact got and that counts towards its limits. */
export interface CountedMessage {
  /** In milliseconds since 1970. */
  at: number;
  isMarketing: boolean;
}

/** The messages of the last days that count towards the limits of each contact, and how many messages it may get in a day. */
export async function readCountedMessages(
  db: Db,
  { workspaceId, contactIds, days }: { workspaceId: string; contactIds: readonly string[]; days: 1 | 7 },
  clock: Clock,
): Promise<{ whole: number; had: ReadonlyMap<string, readonly CountedMessage[]> }> {
  const { rows } = await sql<{ whole: number; had: Record<string, CountedMessage[]> | null }>`
    with cap as materialized (${wholeCap(workspaceId)})
    select whole, (
      select jsonb_object_agg(of.contact_id, of.had) from (
        select m.contact_id,
          jsonb_agg(jsonb_build_object('at', extract(epoch from m.created_at) * 1000, 'isMarketing', coalesce(m.kind = 'marketing', false))) as had
        from unnest(${uuidArray([...new Set(contactIds)])}::uuid[]) as c (id)
        cross join lateral ${messagesOf(sql`c.id`, daysAgo(clock, days))}
        where ${isCounted(workspaceId)} group by m.contact_id
      ) of
    ) as had from cap`.execute(db);
  const { whole, had } = rows[0] as (typeof rows)[0];
  return { whole, had: new Map(Object.entries(had ?? {})) };
}

/**
 * How many messages a contact of the workspace may get within a day; null where no contact can have had so many, because
 * the whole workspace has not.
 */
export async function readCap(db: Db, workspaceId: string, clock: Clock): Promise<number | null> {
  const { rows } = await sql<{ whole: number }>`
    with cap as materialized (${wholeCap(workspaceId)})
    select whole from cap where whole = 0 or exists (
      select from messages m where m.created_at > ${daysAgo(clock)} and ${isCounted(workspaceId)} offset greatest(cap.whole - 1, 0))`.execute(
    db,
  );
  return rows[0]?.whole ?? null;
}

/** Whether a contact of the table `contacts` has had so many messages within a day. */
export const hasHad = (workspaceId: string, whole: number, clock: Clock): RawBuilder<SqlBool> => sql`(
  select count(*) from (
    select from ${messagesOf(sql`contacts.id`, daysAgo(clock))} where ${isCounted(workspaceId)} limit ${whole}::int) had) >= ${whole}::int`;

const wholeCap = (workspaceId: string): RawBuilder<unknown> => sql`
  select coalesce((select messages_per_contact_day from private.workspace_limits where workspace_id = ${workspaceId}),
    ${messageLimits.perContactDay.usual}::int) as whole`;

const daysAgo = (clock: Clock, days = 1): RawBuilder<unknown> => sql`${clock.now} - ${days}::int * interval '1 day'`;
