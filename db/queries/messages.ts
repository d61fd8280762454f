import { sql } from "kysely";
import type { Message } from "#contract/messages.ts";
import type { Db } from "../client.ts";
import { findMessageIds, type MessageFilter, newestMessages } from "./message-matches.ts";
import { type MessageRow, readMessages, toMessage } from "./message-rows.ts";
import { type Page, readPlace, toPage, writePlace } from "./newest-first.ts";

type ListArgs = MessageFilter & { limit: number; cursor?: string | undefined };

/** Messages of an execution, of a contact, or of everything, newest first. A page may be short while there is a next one. */
export async function listMessages(db: Db, { limit, cursor, ...filter }: ListArgs): Promise<Page<Message>> {
  const { workspaceId } = filter;
  const place = readPlace("messages", cursor);
  const wanted = limit + 1;
  const isFiltered = filter.channel !== undefined || filter.providers !== undefined || (filter.search ?? "") !== "";
  if (!isFiltered) {
    return toPage(await readMessages(db, { workspaceId, page: newestMessages(filter, place, wanted) }), limit, toMessage, cursorAfter);
  }
  const { ids, resumeAt } = await findMessageIds(db, { ...filter, place, wanted });
  const page = sql`select m.* from messages m where m.workspace_id = ${workspaceId} and m.id = any(${ids}::uuid[])`;
  const found = toPage(await readMessages(db, { workspaceId, page }), limit, toMessage, cursorAfter);
  return resumeAt ? { ...found, nextCursor: writePlace("messages", resumeAt) } : found;
}

export async function findMessage(db: Db, { workspaceId, id }: { workspaceId: string; id: string }): Promise<Message | undefined> {
  const page = sql`select m.* from messages m where m.workspace_id = ${workspaceId} and m.id = ${id}::uuid`;
  const [row] = await readMessages(db, { workspaceId, page });
  return row && toMessage(row);
}

const cursorAfter = (row: MessageRow): string => writePlace("messages", { at: row.position, id: row.id });
