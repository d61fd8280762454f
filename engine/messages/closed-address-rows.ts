import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { OutgoingMessage } from "#channels/channel.ts";
import { type MessageKind, openDespite } from "#contract/message-kinds.ts";
import type { Db } from "#db/client.ts";
import { textArray, uuidArray } from "../base/array.ts";

/** Whether an entry of the suppression list closes its address for messages of this kind. */
export const closesFor = (kind: MessageKind | "help", entry: "s" | "x"): RawBuilder<SqlBool> =>
  openDespite[kind].length === 0 ? sql`true` : sql`${sql.ref(`${entry}.reason`)} <> all(${textArray(openDespite[kind])}::text[])`;

/**
 * The ids of these messages, of one workspace, channel and kind, whose address is on the suppression list, or whose contact has just asked for no
 * more from an address that it had before. An answer to HELP goes to who asked for it.
 */
export async function findClosed(
  db: Db,
  messages: readonly OutgoingMessage[],
  kind: MessageKind | "help" | undefined = messages[0]?.kind,
): Promise<ReadonlySet<string>> {
  const [first] = messages;
  if (!first || !kind) return new Set();
  const { rows } = await sql<{ id: string }>`
    select m.id from unnest(${uuidArray(messages.map(({ id }) => id))}::uuid[], ${textArray(messages.map(({ to }) => to))}::text[]) as m (id, address)
    join suppressions s on s.workspace_id = ${first.workspaceId} and s.channel = ${first.channel} and s.address = lower(m.address)
      and ${closesFor(kind, "s")}${kind === "help" ? sql`` : sql` union ${ofRefused(first, messages, kind)}`}`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

const ofRefused = ({ workspaceId, channel }: OutgoingMessage, messages: readonly OutgoingMessage[], kind: MessageKind) => {
  const refusedAs = sql.ref(`c.${channel}_refused_as`);
  return sql`
    select m.id from messages m join contacts c on c.workspace_id = m.workspace_id and c.id = m.contact_id
    where m.workspace_id = ${workspaceId} and m.id = any(${uuidArray(messages.map(({ id }) => id))}::uuid[]) and not m.is_test and ${refusedAs} is not null
      and ${refusedAs} <> all(${textArray(openDespite[kind])}::text[])`;
};
