import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import { textArray } from "#engine/base/array.ts";
import { findBrokenTotals } from "#test/totals-law.ts";
import type { Promised } from "./desk.ts";
import type { Record } from "./outside.ts";
import type { Finding } from "./scenario.ts";

export interface Truths {
  findings: Finding[];
  /** Messages by their status in the database. */
  statuses: { [status: string]: number };
  /** How many of the messages whose outcome is unknown did arrive. */
  unknownArrived: number;
  lost: number;
  doubled: number;
  /** How many arrived a second time because the workspace has messages in doubt sent once more. */
  resentTwice: number;
}

interface MessageRow {
  id: string;
  channel: Channel;
  status: string;
  place: string;
  /** The message was in doubt, and its workspace has such messages of this channel sent once more. */
  may_be_twice: boolean;
}

/**
 * Compares three truths: what was promised to whoever sent, what the database says, and what arrived outside.
 *
 *   lost     promised and no execution · an execution neither at its end nor visibly waiting · "sent", and never arrived
 *   doubled  more than one arrival of one visit of an execution · an arrival of a message that nobody knows. Where the workspace
 *            wants it so, what was in doubt may arrive twice, but not three times
 *
 * @param told channels whose provider tells what became of a message in doubt, so that nothing on them may arrive twice or stay unknown
 */
export async function compareTruths(
  db: Db,
  promised: readonly Promised[],
  record: Record,
  { told = [] }: { told?: readonly Channel[] } = {},
): Promise<Truths> {
  const messages = await readMessages(db, told);
  const known = new Map(messages.map((message) => [message.id, message]));
  const arrivals = Map.groupBy(record.arrived, ({ id }) => id);
  const byPlace = Map.groupBy(record.arrived, ({ id }) => known.get(id)?.place ?? `nobody's ${id}`);

  const stranded = await countStranded(db);
  const unkept = await countUnkept(db, promised);
  const neverArrived = messages.filter(({ id, status }) => isSent(status) && !arrivals.has(id)).length;
  const denied = messages.filter(({ id, status }) => ["failed", "queued", "held"].includes(status) && arrivals.has(id)).length;
  const strangers = [...arrivals.keys()].filter((id) => !known.has(id)).length;
  const several = [...byPlace.values()].filter(({ length }) => length > 1);
  const resent = several.filter((of) => of.length === 2 && of.every(({ id }) => known.get(id)?.may_be_twice));
  const doubled = several.length - resent.length + strangers;
  const broken = await findBrokenTotals(db);
  const lost = stranded + unkept + neverArrived;

  return {
    statuses: countBy(messages.map(({ status }) => status)),
    unknownArrived: messages.filter(({ id, status }) => status === "unknown" && arrivals.has(id)).length,
    lost,
    doubled,
    resentTwice: resent.length,
    findings: [
      {
        what: "lost",
        goal: "0",
        measured: `${lost}: ${unkept} accepted without execution, ${stranded} neither ended nor waiting, ${neverArrived} called sent and never arrived`,
        held: lost === 0,
      },
      {
        what: "doubled",
        goal: "0",
        measured: `${doubled} of ${byPlace.size} that arrived; a provider that takes keys saw ${record.repeatedKeys} repeated`,
        held: doubled === 0,
      },
      ...told.map((channel) => ({
        what: `${channel} of which nobody knows whether they left`,
        goal: "0, because the provider tells",
        ...zero(messages.filter((message) => message.channel === channel && ["unknown", "held"].includes(message.status)).length),
      })),
      { what: "arrived, and the database says it did not leave", goal: "0", measured: denied, held: denied === 0 },
      { what: "totals that contradict the rows", goal: "0", measured: broken.slice(0, 5).join("; ") || 0, held: broken.length === 0 },
    ],
  };
}

const zero = (measured: number) => ({ measured, held: measured === 0 });
const isSent = (status: string) => ["sent", "delivered", "undelivered"].includes(status);

export const countBy = (words: readonly string[]) =>
  Object.fromEntries([...Map.groupBy(words, (word) => word)].map(([word, { length }]) => [word, length]));

/** A place is one visit of one execution on one channel. A retry by a person would be another visit. */
async function readMessages(db: Db, told: readonly Channel[]): Promise<MessageRow[]> {
  const { rows } = await sql<MessageRow>`
    select m.id, m.channel, m.status, m.flow_execution_id || ' ' || m.node_id || ' ' || m.visit as place,
      m.was_in_doubt and m.channel <> all(${textArray(told)}::text[]) and case m.channel when 'email' then w.email_in_doubt else w.sms_in_doubt end = 'resend' as may_be_twice
    from messages m join workspaces w on w.id = m.workspace_id`.execute(db);
  return rows;
}

/** How many executions have neither ended nor a wake-up. */
export async function countStranded(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from flow_executions e join flow_sends s on s.id = e.send_id
    where e.status in ('pending', 'running') and s.state <> 'paused'
      and not exists (select from wake_ups w where w.flow_execution_id = e.id and w.due_at > clock_timestamp())`.execute(db);
  return rows[0]?.count ?? 0;
}

async function countUnkept(db: Db, promised: readonly Promised[]): Promise<number> {
  let missing = 0;
  for (const { sendId, people } of promised) {
    const { rows } = await sql<{ count: number }>`
      select ((select count(*) from flow_executions where send_id = ${sendId}::uuid)
        + (select count(*) from flow_send_skips where send_id = ${sendId}::uuid))::int as count`.execute(db);
    missing += Math.max(0, people - (rows[0]?.count ?? 0));
  }
  return missing;
}
