import { sql } from "kysely";
import { namesThatStay } from "#channels/stays-here.ts";
import type { Db } from "#db/client.ts";
import { isGoing } from "#db/queries/send-going.ts";
import { textArray } from "../base/array.ts";

/** What became of the e-mails of a workspace within seven days. */
export interface MailHealth {
  workspaceId: string;
  sent: number;
  /** Addresses that turned out not to exist, and messages that came back because of our own domain. */
  bounced: number;
  /** People who reported an e-mail as spam. */
  complained: number;
}

const week = sql`clock_timestamp() - interval '7 days'`;

/**
 * Reads the numbers of the workspaces that have any to fear. Bounces and complaints are those that closed an address, so they are counted
 * once for each person, and each way to learn of them counts. What came back because mailbox providers take no mail of our domain closes no
 * address, and counts as well: they count it too, and every further message would be lost. Messages are counted only as far as they matter: where there is one more
 * than makes the rate a good one, the number ends there.
 */
export async function readMailHealth(db: Db, least: { bounceRate: number; complaintRate: number }): Promise<MailHealth[]> {
  const { rows } = await sql<MailHealth>`
    with closed as materialized (
      select workspace_id, count(*) filter (where reason = 'bounced_before')::int as bounced, count(*) filter (where reason = 'complaint')::int as complained
      from suppressions where channel = 'email' and created_at > ${week}
        and (reason = 'bounced_before' and source = 'provider' or reason = 'complaint' and source = 'contact')
      group by workspace_id
    ), refused as materialized (
      select r.workspace_id, count(distinct r.message_id)::int as messages from message_reports r
      join messages m on m.id = r.message_id and m.channel = 'email' and m.status = 'undelivered' and not m.is_test
      where r.reason = 'sender_refused' and r.received_at > ${week} group by r.workspace_id
    ), trouble as materialized (
      select workspace_id, coalesce(closed.bounced, 0) + coalesce(refused.messages, 0) as bounced, coalesce(closed.complained, 0) as complained
      from closed full join refused using (workspace_id)
    )
    select t.workspace_id as "workspaceId", s.sent, t.bounced, t.complained from trouble t
    cross join lateral (
      select count(*)::int as sent from (
        select from messages m where m.workspace_id = t.workspace_id and m.created_at > ${week} and m.channel = 'email' and not m.is_test
          and m.status in ('sent', 'delivered', 'undelivered', 'failed') and m.provider <> all(${textArray(namesThatStay)}::text[])
        limit floor(greatest(t.bounced / ${least.bounceRate}::float8, t.complained / ${least.complaintRate}::float8))::bigint + 1) m
    ) s`.execute(db);
  return rows;
}

/** Keeps what is bad, and forgets what has become good. The time stays that of the first day at this level. */
export async function saveMailGuards(db: Db, bad: readonly (MailHealth & { level: "warn" | "pause" })[]): Promise<void> {
  const rows = JSON.stringify(bad);
  await sql`
    with bad as materialized (
      select * from jsonb_to_recordset(${rows}::jsonb) as b ("workspaceId" text, level text, sent int, bounced int, complained int)
    ), gone as (
      delete from private.mail_guards where workspace_id not in (select "workspaceId" from bad)
    )
    insert into private.mail_guards as g (workspace_id, level, sent, bounced, complained)
    select "workspaceId", level, sent, bounced, complained from bad order by 1
    on conflict (workspace_id) do update set level = excluded.level, sent = excluded.sent, bounced = excluded.bounced,
      complained = excluded.complained, since = case when g.level = excluded.level then g.since else clock_timestamp() end`.execute(db);
}

const mostAtOnce = 100;

/** Sends under way that have sent marketing e-mail and that the guard rail has not paused before. */
export async function findSendsToGuard(db: Db, workspaceId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select s.id from flow_sends s
    where s.workspace_id = ${workspaceId} and s.ended_at is null and ${isGoing("s")} and s.guarded_at is null and not s.is_test
      and exists (select from messages m where m.send_id = s.id and m.channel = 'email' and m.kind = 'marketing')
    order by s.id limit ${mostAtOnce}`.execute(db);
  return rows.map(({ id }) => id);
}

/** Returns whether it was not marked yet: of several workers one pauses a send. */
export async function markGuarded(db: Db, { workspaceId, sendId }: { workspaceId: string; sendId: string }): Promise<boolean> {
  const { rows } = await sql`
    update flow_sends set guarded_at = clock_timestamp() where id = ${sendId}::uuid and workspace_id = ${workspaceId} and guarded_at is null
    returning 1`.execute(db);
  return rows.length > 0;
}
