import { type RawBuilder, sql } from "kysely";
import { reasonsThatHeal } from "#contract/healing.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db, Tx } from "#db/client.ts";
import { isNotBinned } from "#db/queries/contact-rows.ts";
import { executionsOf } from "#db/queries/rows-of-contact.ts";
import { textArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import { entering, lockEntrances } from "../enrollment/enroll-page-rows.ts";
import { judgeEntry, wakeUpTime } from "../enrollment/judge-entry-rows.ts";
import type { EntryRule } from "../flow/rule-of.ts";
import type { HealedSend } from "./healed-send-rows.ts";

export interface LeftOutPage {
  /** The last contact of the page before; null at the beginning. */
  after: string | null;
  limit: number;
  rule: EntryRule;
}

/**
 * A page of those whom the send left out, with the reason `was`, judged anew: "judged" says why each still may not enter, or null.
 * Where single contacts have values of their own, who is left out without a note of them is not sent the values of others.
 */
const judged = (
  send: HealedSend,
  { after, limit, rule }: LeftOutPage,
  wakeAt: RawBuilder<unknown>,
  hold: RawBuilder<unknown>,
  clock: Clock,
) => sql`
  page as materialized (
    select k.contact_id as id, k.reason as was, k.variables from flow_send_skips k
    where k.workspace_id = ${send.workspaceId} and k.send_id = ${send.id}::uuid
      and k.contact_id > ${after ?? "00000000-0000-0000-0000-000000000000"}::uuid
    order by k.contact_id limit ${limit}
  ), held as materialized (
    select page.id, page.was, page.variables, c.time_zone, c.id is not null as is_here
    from page left join lateral (
      select h.id, h.time_zone from contacts h
      where h.id = page.id and h.workspace_id = ${send.workspaceId} and ${isNotBinned("h")} ${hold} offset 0) c on true
    where page.was = any(${textArray(reasonsThatHeal("entry"))}::text[]) and (page.variables is not null or not ${send.hasOwnValues}::boolean)
  ), judged as materialized (
    select page.id, page.was, page.variables, ${wakeAt} as wake_at, case when not page.is_here then 'contact_deleted'
      when exists (select from ${executionsOf(sql`page.id`)} where e.send_id = ${send.id}::uuid) then 'already_active_here'
      else ${judgeEntry(send, rule, clock)} end as reason
    from held as page
  )`;

/** Of a page of those whom the send left out, how many may enter now, by the reason that is gone. */
export async function countLeftOut(
  db: Db,
  send: HealedSend,
  page: LeftOutPage,
  clock: Clock,
): Promise<{ looked: number; byReason: { reason: Reason; contacts: number }[] }> {
  const { rows } = await sql<{ looked: number; by_reason: { reason: Reason; contacts: number }[] | null }>`
    with ${judged(send, page, sql`null::timestamptz`, sql``, clock)}
    select (select count(*) from page)::int as looked, (select json_agg(r) from (
      select was as reason, count(*)::int as contacts from judged where reason is null group by 1) r) as by_reason`.execute(db);
  return { looked: rows[0]?.looked ?? 0, byReason: rows[0]?.by_reason ?? [] };
}

export interface EnteredPage {
  looked: number;
  entered: number;
  /** How many rows that told why somebody was left out are gone. */
  back: number;
  last: string | null;
}

/**
 * Enters those of a page who may enter now, `most` at most, and takes back that they were left out. `starts`: when each of them begins,
 * in order, in milliseconds since 1970; where it is left out they begin now, or by their own clocks.
 */
export async function enterLeftOut(
  tx: Tx,
  send: HealedSend,
  page: LeftOutPage & { most: number | null; starts: readonly number[] | undefined },
  clock: Clock,
): Promise<EnteredPage> {
  await lockEntrances(tx, send, page.rule);
  const own = send.contactClock ? wakeUpTime(send, send.contactClock, clock) : sql`${clock.now}`;
  const moments = page.starts?.map((at) => new Date(at).toISOString()) ?? [];
  const wakeAt = page.starts ? sql`(${textArray(moments)}::timestamptz[])[place::int]` : sql`wake_at`;
  const seen = sql`(select max(p.seq) from flow_publications p where p.workspace_id = ${send.workspaceId} and p.flow_id = ${send.flowId}::uuid)`;
  const { rows } = await sql<EnteredPage>`
    with of_send as materialized (
      select id, workspace_id from flow_sends where id = ${send.id}::uuid
    ), ${judged(send, page, own, sql`for key share`, clock)}, ranked as materialized (
      select id, variables, wake_at, row_number() over (order by id) as place from judged where reason is null
    ), able as materialized (
      select id, variables, ${wakeAt} as wake_at from ranked where ${page.most}::int is null or place <= ${page.most}::int
    ), ${entering(send, sql`able`, { seenPublication: seen })}, rows_of as materialized (
      -- Each is looked up by its key: Postgres would read all of the send for each, because it takes the page for a row or two.
      select k.id from able cross join lateral (
        select s.ctid as id from flow_send_skips s where s.send_id = ${send.id}::uuid and s.contact_id = able.id for update offset 0) k
    ), back as (
      delete from flow_send_skips k where k.ctid = any(array(select id from rows_of)) returning 1
    )
    select (select count(*) from page)::int as looked, (select count(*) from entered)::int as entered, (select count(*) from back)::int as back,
      (select id from page order by id desc limit 1) as last`.execute(tx);
  return rows[0] ?? { looked: 0, entered: 0, back: 0, last: null };
}
