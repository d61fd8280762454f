import { type RawBuilder, sql } from "kysely";
import { reasonsThatHeal } from "#contract/healing.ts";
import { type Channel, channels } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { SendingRules } from "#contract/sending-rules.ts";
import type { Db, Tx } from "#db/client.ts";
import { consentedAddresses } from "#db/queries/consents.ts";
import { isNotBinned } from "#db/queries/contact-rows.ts";
import { textArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import { isInSandbox, recipientSql } from "../messages/recipient-check-rows.ts";
import type { HealedSend } from "./healed-send-rows.ts";
import { isLastTry, lastVisit, type Restarted, restart, toRestart, wouldRepeat } from "./restart-rows.ts";

export interface MissedPage {
  /** The number in the send behind which the page begins. */
  afterSeq: number;
  /** The number with which it ends; left out, after `limit` executions. */
  upTo?: number | undefined;
  limit: number;
}

/** What is known of the messages of a send, beside the contacts. */
export interface MessageFacts {
  channelsByType: Readonly<Record<string, Channel>>;
  notTwice: readonly string[];
  /** Channels on which there is a provider. */
  open: readonly Channel[];
  /** Steps whose messages need a recorded consent. */
  needConsent: readonly string[];
  sandbox: SendingRules["sandbox"];
}

/** A channel whose provider has answered since it failed last. */
const answers = (workspaceId: string, channel: RawBuilder<unknown>, clock: Clock) => sql`not exists (select from private.channel_gates g
  where g.workspace_id = ${workspaceId} and g.channel = ${channel} and (g.failures > 0 or g.closed_until > ${clock.now}))`;

const among = (reasons: readonly Reason[]) => sql`p.reason = any(${textArray(reasons)}::text[])`;

/**
 * The executions of a page that have ended and can be reached now with a message that did not leave, as the table "able": each at the earliest
 * such step after which nothing was done that would be done twice (`repeats` where there is none). The recipient is checked as before a send; the gate
 * judges once more when the message is about to leave. Of two who share an address in a send that writes to each once, the first counts.
 */
function able(send: HealedSend, { afterSeq, upTo, limit }: MissedPage, facts: MessageFacts, clock: Clock): RawBuilder<unknown> {
  const { refusal, address } = recipientSql("c");
  const byChannel = (of: Record<Channel, RawBuilder<unknown>>) =>
    sql`case k.channel ${sql.join(
      channels.map((channel) => sql`when ${sql.lit(channel)} then ${of[channel]}`),
      sql` `,
    )} end`;
  return sql`page as materialized (
    select e.id, e.seq, e.status, e.ended_reason, e.contact_id, e.visit as stands_at, e.updated_at from flow_executions e
    where e.workspace_id = ${send.workspaceId} and e.send_id = ${send.id}::uuid and e.seq > ${afterSeq} and e.missed is not null
      and e.seq <= ${upTo ?? 2 ** 31 - 1}
    order by e.seq limit ${limit}
  ), found as materialized (
    select e.id, e.seq, e.stands_at, e.updated_at, f.* from page e
    join contacts c on c.workspace_id = ${send.workspaceId} and c.id = e.contact_id and ${isNotBinned("c")}
    cross join lateral (
      select p.node_id, p.visit, p.status = 'failed' as fails, p.reason, k.channel, a.address, ${wouldRepeat(sql`p.visit`, facts.notTwice)}
        or exists (select from messages m where m.flow_execution_id = e.id and m.visit = p.visit
          and m.status in ('sent', 'delivered', 'undelivered', 'unknown')) as repeats
      from flow_execution_steps p
      cross join lateral (select ${JSON.stringify(facts.channelsByType)}::jsonb ->> p.node_type as channel offset 0) k
      cross join lateral (select ${byChannel(address)} as address, ${byChannel(refusal)} as refusal offset 0) a
      where p.flow_execution_id = e.id and p.status in ('skipped', 'failed') and not p.is_retried and ${isLastTry}
        and k.channel = any(${textArray(facts.open)}::text[]) and a.refusal is null and ${isInSandbox(sql`a.address`, facts)}
        and (${among(reasonsThatHeal("recipient"))}
          or ${among(reasonsThatHeal("provider"))} and ${answers(send.workspaceId, sql`k.channel`, clock)}
          or ${among(reasonsThatHeal("other_address"))} and exists (select from messages m where m.flow_execution_id = e.id
            and m.visit = p.visit and m.channel = k.channel and lower(m.to_address) <> a.address))
        and (not p.node_id = any(${textArray(facts.needConsent)}::text[]) or a.address in (${consentedAddresses({
          workspaceId: sql`${send.workspaceId}`,
          contactId: sql`c.id`,
          channel: sql`k.channel`,
        })}))
        and (${send.addressScope}::uuid is null or not exists (select from messages t where t.address_scope = ${send.addressScope}::uuid
          and t.channel = k.channel and lower(t.to_address) = a.address and t.contact_id is distinct from e.contact_id))
      order by repeats, p.visit limit 1
    ) f
    where e.status in ('failed', 'partial_failure') or e.status = 'completed' and e.ended_reason is null
  ), able as materialized (
    select found.*, case when ${send.addressScope}::uuid is null or repeats then 1
      else row_number() over (partition by channel, address, repeats order by seq) end as place from found
  )`;
}

export interface CountedMissed {
  looked: number;
  byReason: { reason: Reason; contacts: number }[];
  wouldRepeat: number;
}

/** Of a page of those for whom a message did not leave, how many can be reached now, by the reason that is gone. */
export async function countMissed(db: Db, send: HealedSend, page: MissedPage, facts: MessageFacts, clock: Clock): Promise<CountedMissed> {
  const { rows } = await sql<{ looked: number; by_reason: CountedMissed["byReason"] | null; would_repeat: number }>`
    with ${able(send, page, facts, clock)}
    select (select count(*) from page)::int as looked, (select count(*) from able where repeats)::int as would_repeat, (select json_agg(r) from (
      select reason, count(*)::int as contacts from able where not repeats and place = 1 group by 1) r) as by_reason`.execute(db);
  const [row] = rows;
  return { looked: row?.looked ?? 0, byReason: row?.by_reason ?? [], wouldRepeat: row?.would_repeat ?? 0 };
}

/** Where a page of those for whom a message did not leave ends; null where it is the last. */
export async function findPageEnd(db: Db, send: HealedSend, { afterSeq, limit }: MissedPage): Promise<number | null> {
  const { rows } = await sql<{ seq: number }>`
    select e.seq from flow_executions e
    where e.workspace_id = ${send.workspaceId} and e.send_id = ${send.id}::uuid and e.seq > ${afterSeq} and e.missed is not null
    order by e.seq offset ${limit - 1} limit 1`.execute(db);
  return rows[0]?.seq ?? null;
}

/** Begins those of a page again who can be reached now, `most` at most. Who is held by another transaction is passed over. */
export const continueMissed = (
  tx: Tx,
  send: HealedSend,
  page: MissedPage & { most: number | null },
  facts: MessageFacts,
  clock: Clock,
): Promise<Restarted[]> =>
  restart(
    tx,
    sql`${able(send, page, facts, clock)}, wanted as materialized (
      select * from able where not repeats and place = 1 order by seq limit ${page.most}
    ), chosen as materialized (
      select ${toRestart(sql`f.fails`)} from wanted f join flow_executions e on e.id = f.id ${lastVisit}
      -- A deletion that is under way is waited for, and who was begun again meanwhile is not begun twice.
      cross join lateral (select from contacts c
        where c.workspace_id = e.workspace_id and c.id = e.contact_id and ${isNotBinned("c")} for key share offset 0) c
      where e.status in ('completed', 'failed', 'partial_failure') and e.visit = f.stands_at and e.updated_at = f.updated_at
      for update of e skip locked)`,
    facts.channelsByType,
    clock,
  );
