import { sql } from "kysely";
import { z } from "zod";
import { type Channel, channels, type MessageStatus } from "#contract/messages.ts";
import type { ProofLine } from "#contract/proof.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "../client.ts";
import { displayName } from "./contact-rows.ts";
import { microseconds, moment, type Page, readPlace, toPage, writePlace } from "./newest-first.ts";
import { readCursor, writeCursor } from "./page-cursor.ts";

/** What the ledger holds of a message, under the names of `ledgerColumns`. */
export interface LedgerLine {
  id: string;
  executionId: string | null;
  visit: number | null;
  stepId: string | null;
  contactId: string | null;
  channel: Channel;
  to: string | null;
  provider: string;
  providerMessageId: string | null;
  attempt: number;
  status: MessageStatus;
  reason: Reason | null;
  error: string | null;
  writtenAt: Date;
  sentAt: Date | null;
  deliveredAt: Date | null;
  doubtAt: Date | null;
  changedAt: Date;
}

/** The columns of a message `m` that prove what became of it. The evidence of a send and the pages of proof read the same. */
export const ledgerColumns = sql`m.id, m.flow_execution_id as "executionId", m.visit, m.node_id as "stepId", m.contact_id as "contactId", m.channel,
  m.to_address as "to", m.provider, m.provider_message_id as "providerMessageId", m.attempt, m.status, m.reason, m.error_message as error,
  m.created_at as "writtenAt", m.sent_at as "sentAt", m.delivered_at as "deliveredAt", m.doubt_at as "doubtAt", m.updated_at as "changedAt"`;

interface ProofRow extends LedgerLine {
  sendId: string | null;
  flowName: string | null;
  isTest: boolean;
  found: string | null;
  name: string | null;
  firstname: string | null;
  lastname: string | null;
  tries: ProofLine["tries"] | null;
  reports: ProofLine["reports"] | null;
}

const utc = (column: string) => sql`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** What the provider has reported on a message `m`, the oldest first, as JSON; null where it has reported nothing. */
export const reportsOf = sql`(
  select json_agg(json_build_object('at', ${utc("r.received_at")}, 'status', r.status, 'reason', r.reason, 'error', r.error_message)
    order by r.received_at, r.id) from message_reports r where r.workspace_id = m.workspace_id and r.message_id = m.id)`;

/** A message `m` with its tries, the reports on it, and whose it is. */
const proofColumns = sql`${ledgerColumns}, m.send_id as "sendId", f.name as "flowName", m.is_test as "isTest", c.id as found, c.name, c.firstname, c.lastname,
  (select json_agg(json_build_object('attempt', p.attempt, 'at', ${utc("p.started_at")}, 'status', p.status, 'reason', p.reason, 'error', p.error_message)
    order by p.attempt) from flow_execution_steps p
    where p.workspace_id = m.workspace_id and p.flow_execution_id = m.flow_execution_id and p.visit = m.visit) as tries,
  ${reportsOf} as reports`;

const whose = sql`left join flow_executions e on e.workspace_id = m.workspace_id and e.id = m.flow_execution_id
  left join private.flow_names f on f.workspace_id = m.workspace_id and f.id = e.flow_id
  left join private.contact_names c on c.workspace_id = m.workspace_id and c.id = m.contact_id`;

const at = (moment: Date | null): string | null => moment?.toISOString() ?? null;

const toLine = (row: ProofRow): ProofLine => ({
  messageId: row.id,
  sendId: row.sendId,
  flowName: row.flowName,
  executionId: row.executionId,
  visit: row.visit,
  stepId: row.stepId,
  contactId: row.contactId,
  contactName: row.found === null ? null : displayName({ name: row.name, firstname: row.firstname ?? "", lastname: row.lastname ?? "" }),
  channel: row.channel,
  to: row.to,
  provider: row.provider,
  providerMessageId: row.providerMessageId,
  isTest: row.isTest,
  attempt: row.attempt,
  status: row.status,
  reason: row.reason,
  error: row.error,
  writtenAt: row.writtenAt.toISOString(),
  sentAt: at(row.sentAt),
  deliveredAt: at(row.deliveredAt),
  doubtAt: at(row.doubtAt),
  changedAt: row.changedAt.toISOString(),
  tries: row.tries ?? [],
  reports: row.reports ?? [],
});

interface PageArgs {
  workspaceId: string;
  limit: number;
  cursor: string | undefined;
}

/** The ledger of the messages to a contact, newest first. */
export async function listContactProof(
  db: Db,
  { workspaceId, contactId, limit, cursor }: PageArgs & { contactId: string },
): Promise<Page<ProofLine>> {
  const place = readPlace("contact proof", cursor);
  const older = place ? sql`and (m.created_at, m.id) < (${moment(place.at)}, ${place.id}::uuid)` : sql``;
  const { rows } = await sql<ProofRow & { position: number }>`
    with page as materialized (
      select m.* from messages m where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId}::uuid ${older}
      order by m.created_at desc, m.id desc limit ${limit + 1}
    )
    select ${proofColumns}, ${microseconds("m.created_at")} as position from page m ${whose} order by m.created_at desc, m.id desc`.execute(
    db,
  );
  return toPage(rows, limit, toLine, ({ position, id }) => writePlace("contact proof", { at: position, id }));
}

/** Executions whose messages a page looks at, at most. Messages of a send have no index in the order of its contacts. */
const executionsLookedAt = 1_000;

/** What a column of numbers can hold. */
const largest = 2 ** 31 - 1;

/** Behind every channel. */
const behindAll = "~";

/** A place in the ledger of a send: behind these messages of this contact of it. */
const sendPlace = z.tuple([
  z.literal("send proof"),
  z.int().min(0).max(largest),
  z.int().min(0).max(largest),
  z.enum([...channels, behindAll]),
]);

/** The ledger of a send, in the order in which its contacts were enrolled. A page may hold no line and still have a next one. */
export async function listSendProof(
  db: Db,
  { workspaceId, sendId, limit, cursor }: PageArgs & { sendId: string },
): Promise<Page<ProofLine>> {
  const [, seq, visit, channel] = cursor === undefined ? ["", 0, 0, ""] : readCursor(cursor, sendPlace);
  const { rows: executions } = await sql<{ id: string; seq: number }>`
    select e.id, e.seq from flow_executions e where e.workspace_id = ${workspaceId} and e.send_id = ${sendId}::uuid and e.seq >= ${seq}
    order by e.seq limit ${executionsLookedAt}`.execute(db);
  const last = executions.length < executionsLookedAt ? undefined : executions.at(-1);
  const { rows } = await sql<ProofRow & { seq: number }>`
    with page as materialized (
      select m.*, o.seq from unnest(${executions.map(({ id }) => id)}::uuid[], ${executions.map((one) => one.seq)}::int[]) as o (id, seq)
      join messages m on m.flow_execution_id = o.id and m.workspace_id = ${workspaceId}
      where (o.seq, m.visit, m.channel) > (${seq}::int, ${visit}::int, ${channel})
      order by o.seq, m.visit, m.channel limit ${limit + 1}
    )
    select ${proofColumns}, m.seq from page m ${whose} order by m.seq, m.visit, m.channel`.execute(db);
  const page = toPage(rows, limit, toLine, (row) => writeCursor(["send proof", row.seq, row.visit ?? 0, row.channel]));
  // What was looked at holds no more, and there is more of the send.
  return page.nextCursor === null && last ? { ...page, nextCursor: writeCursor(["send proof", last.seq, largest, behindAll]) } : page;
}
