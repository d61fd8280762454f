import { sql } from "kysely";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db, Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import { leaseUntil } from "../execution/message-rows.ts";

/** A message that Sluice answers itself: HELP, or a word that may mean START. */
interface ToAnswer {
  id: string;
  from_address: string;
  to_address: string;
}

/**
 * Writes down which of these are to be answered: of each word one within a day from the same number to the same number of ours. HELP is not
 * answered where the provider does it or where a workspace answers nobody. Of two that come at the same moment the second waits for the first.
 */
export async function promiseAnswers(tx: Tx, workspaceId: string, asked: readonly ToAnswer[]): Promise<void> {
  const inOrder = [...new Set(asked.map(({ from_address, to_address }) => `help ${workspaceId} ${from_address} ${to_address}`))].sort();
  for (const key of inOrder) await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx);
  for (const { id } of asked) {
    await sql`
      update inbound_messages i set help_answer = private.uuid_v7(), help_due_at = clock_timestamp()
      from workspaces w
      where i.id = ${id}::uuid and w.id = i.workspace_id
        and (i.word = 'maybe_start' or not i.provider_answers_help and w.help_text is distinct from '')
        and not exists (select from inbound_messages o
          where o.workspace_id = ${workspaceId} and o.channel = i.channel and o.from_address = i.from_address and o.to_address = i.to_address
            and o.word = i.word and o.help_answer is not null and o.received_at > i.received_at - interval '1 day')`.execute(tx);
  }
}

/** An answer that is to be given now. */
export interface DueHelp {
  id: string;
  /** The id that the answer has. */
  answerId: string;
  channel: Channel;
  /** `maybe_start`: they are asked to answer START. */
  word: "help" | "maybe_start";
  /** Of what came in. */
  provider: string;
  /** Null once the person was erased. */
  from: string | null;
  to: string;
  contactId: string | null;
  /** The contact's own fields, for its language; empty of who is no contact. */
  metadata: Record<string, unknown>;
  /** Whether nobody waits for it any more. */
  isLate: boolean;
  /** Whether they have answered START meanwhile, so that there is nothing to ask for. */
  isMoot: boolean;
  workspace: { name: string; helpText: string | null };
}

/** A process that has not written the answer after so long has died. */
const helpLeaseMs = 60_000;
const lateAfterMinutes = 60;

/** Takes the next answer of a workspace that is due. A process that dies with it leaves it to another one, after the lease. */
export async function takeDueHelp(db: Db, workspaceId: string): Promise<DueHelp | undefined> {
  const { rows } = await sql<DueRow>`
    with due as materialized (
      select id from inbound_messages where workspace_id = ${workspaceId} and help_due_at <= clock_timestamp()
      order by help_due_at limit 1 for update skip locked
    )
    update inbound_messages i set help_due_at = ${after(helpLeaseMs)}
    from due, workspaces w where i.id = due.id and w.id = ${workspaceId}
    returning i.id, i.help_answer as answer_id, i.channel, i.word, i.provider, i.from_address, i.to_address, i.contact_id, w.name, w.help_text,
      (select c.metadata from contacts c where c.workspace_id = i.workspace_id and c.id = i.contact_id) as metadata,
      i.received_at < clock_timestamp() - ${lateAfterMinutes}::int * interval '1 minute' as is_late,
      i.word = 'maybe_start' and not exists (select from suppressions s
        where s.workspace_id = i.workspace_id and s.channel = i.channel and s.address = i.from_address) as is_moot`.execute(db);
  const [row] = rows;
  if (!row) return undefined;
  return {
    ...{ id: row.id, answerId: row.answer_id, channel: row.channel, word: row.word, provider: row.provider },
    ...{ from: row.from_address, to: row.to_address, contactId: row.contact_id, isLate: row.is_late, isMoot: row.is_moot },
    metadata: row.metadata ?? {},
    workspace: { name: row.name, helpText: row.help_text },
  };
}

const after = (ms: number) => sql`clock_timestamp() + ${ms}::float8 * interval '1 millisecond'`;

interface DueRow {
  id: string;
  answer_id: string;
  channel: Channel;
  word: DueHelp["word"];
  provider: string;
  from_address: string | null;
  to_address: string;
  contact_id: string | null;
  name: string;
  help_text: string | null;
  metadata: Record<string, unknown> | null;
  is_late: boolean;
  is_moot: boolean;
}

/**
 * A stranger who writes with forged senders chooses whom we answer, and each answer costs money. The answers that carriers try out from phones
 * that are no contact's are a handful.
 */
export const mostStrangersADay = 500;

/** Whether so many numbers that are no contact's were promised an answer within a day before this one. */
export async function isBeyondStrangers(db: Db, { workspaceId, id }: { workspaceId: string; id: string }): Promise<boolean> {
  const { rows } = await sql`
    select from inbound_messages i
    where i.id = ${id}::uuid and i.contact_id is null and exists (
      select from inbound_messages o
      where o.workspace_id = ${workspaceId} and o.help_answer is not null and o.contact_id is null
        and o.received_at > i.received_at - interval '1 day' and (o.received_at, o.id) < (i.received_at, i.id)
      offset ${mostStrangersADay - 1}::int)`.execute(db);
  return rows.length > 0;
}

/** Nothing is to be done about it any more, or, with `waitMs`, not before that. */
export async function settleHelp(db: Db, { id, waitMs }: { id: string; waitMs?: number }): Promise<void> {
  const next = waitMs === undefined ? sql`null` : after(waitMs);
  await sql`update inbound_messages set help_due_at = ${next} where id = ${id}::uuid`.execute(db);
}

interface HelpAnswerRow {
  id: string;
  workspaceId: string;
  contactId: string | null;
  provider: string;
  to: string;
  from: string | null;
  body: string;
  segments: number | null;
  /** Why it may not leave; null where it is about to. */
  refusal: Reason | null;
}

/** Writes the answer before the provider is called. False: it was written before, by this process or another. */
export async function insertHelpAnswer(db: Db, row: HelpAnswerRow, clock: Clock): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    insert into messages (id, workspace_id, contact_id, channel, kind, provider, status, reason, to_address, from_address, body, segments, created_at, lease_until)
    select ${row.id}::uuid, ${row.workspaceId},
      (select c.id from contacts c where c.workspace_id = ${row.workspaceId} and c.id = ${row.contactId}::uuid), 'sms', 'transactional',
      ${row.provider}, ${row.refusal === null ? "sending" : "failed"}, ${row.refusal}, ${row.to}, ${row.from}, ${row.body}, ${row.segments}::int, ${clock.now},
      case when ${row.refusal === null} then ${leaseUntil(clock)} end
    on conflict do nothing`.execute(db);
  return numAffectedRows > 0n;
}
