import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { ConversationMessage } from "#contract/conversations.ts";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "../client.ts";
import { microseconds, moment, type Place } from "./newest-first.ts";

interface Row {
  id: string;
  position: number;
  direction: "in" | "out";
  channel: Channel;
  address: string | null;
  subject: string | null;
  body: string | null;
  at: Date;
  status: ConversationMessage["status"];
  reason: ConversationMessage["reason"];
  error_message: string | null;
  provider: string;
  flow_name: string | null;
  execution_id: string | null;
  word: ConversationMessage["word"];
  automatic: boolean;
  files: number;
}

interface OfContact {
  workspaceId: string;
  contactId: string;
}

interface Thread {
  /** Oldest first. */
  messages: ConversationMessage[];
  hasOlder: boolean;
  hasNewer: boolean;
}

/** The newest messages to and from a contact, or those around one of them. One that is gone leads to the newest. */
export async function readThread(
  db: Db,
  { limit, around, ...of }: OfContact & { limit: number; around?: string | undefined },
): Promise<Thread> {
  const place = around === undefined ? undefined : await findPlace(db, of, around);
  if (!place) {
    const rows = await readRows(db, of, { limit: limit + 1 });
    return { messages: rows.slice(0, limit).toReversed().map(toMessage), hasOlder: rows.length > limit, hasNewer: false };
  }
  const each = Math.floor(limit / 2);
  const before = await readRows(db, of, { limit: each + 1, upto: place });
  const after = await readRows(db, of, { limit: each + 1, after: place });
  return {
    messages: [...before.slice(0, each).toReversed(), ...after.slice(0, each)].map(toMessage),
    hasOlder: before.length > each,
    hasNewer: after.length > each,
  };
}

/** One message of a conversation. */
export async function findThreadMessage(
  db: Db,
  { messageId, ...of }: OfContact & { messageId: string },
): Promise<ConversationMessage | undefined> {
  const [row] = await readRows(db, of, { limit: 1, messageId });
  return row && toMessage(row);
}

async function findPlace(db: Db, of: OfContact, messageId: string): Promise<Place | undefined> {
  const [row] = await readRows(db, of, { limit: 1, messageId });
  return row && { at: row.position, id: row.id };
}

interface Part {
  limit: number;
  messageId?: string;
  /** This one and older ones, the newest first. */
  upto?: Place;
  /** Newer ones, the oldest first. */
  after?: Place;
}

/** Reads two indexes, each from the end that is wanted. */
async function readRows(db: Db, { workspaceId, contactId }: OfContact, { limit, ...part }: Part): Promise<Row[]> {
  const order = part.after ? sql`asc` : sql`desc`;
  const { rows } = await sql<Row>`
    select t.*, ${microseconds("t.at")} as position, f.name as flow_name from (
      select * from (
        select m.id, 'out' as direction, m.channel, m.to_address as address, m.subject, m.body, m.created_at as at, m.status, m.reason, m.error_message,
          m.provider, m.flow_execution_id as execution_id, null as word, false as automatic, 0 as files
        from messages m where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId}::uuid and ${which(part, "m.created_at")}
        order by m.created_at ${order}, m.id ${order} limit ${limit}) o
      union all
      select * from (
        select m.id, 'in', m.channel, m.from_address, null, m.body, m.received_at, null, null, null, m.provider, m.flow_execution_id, m.word, m.automatic, m.files
        from inbound_messages m where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId}::uuid and ${which(part, "m.received_at")}
        order by m.received_at ${order}, m.id ${order} limit ${limit}) i
    ) t
    left join flow_executions e on e.workspace_id = ${workspaceId} and e.id = t.execution_id
    left join private.flow_names f on f.workspace_id = ${workspaceId} and f.id = e.flow_id
    order by t.at ${order}, t.id ${order} limit ${limit}`.execute(db);
  return rows;
}

function which({ messageId, upto, after }: Omit<Part, "limit">, column: string): RawBuilder<SqlBool> {
  const at = sql.ref(column);
  if (messageId !== undefined) return sql`m.id = ${messageId}::uuid`;
  if (upto) return sql`(${at}, m.id) <= (${moment(upto.at)}, ${upto.id}::uuid)`;
  if (after) return sql`(${at}, m.id) > (${moment(after.at)}, ${after.id}::uuid)`;
  return sql`true`;
}

const toMessage = (row: Row): ConversationMessage => ({
  id: row.id,
  direction: row.direction,
  channel: row.channel,
  address: row.address,
  subject: row.subject,
  text: row.body,
  at: row.at.toISOString(),
  status: row.status,
  reason: row.reason,
  errorMessage: row.error_message,
  provider: row.provider,
  flowName: row.flow_name,
  executionId: row.execution_id,
  word: row.word,
  automatic: row.automatic,
  files: row.files,
});
