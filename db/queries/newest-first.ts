import { type RawBuilder, sql } from "kysely";
import { z } from "zod";
import { readCursor, writeCursor } from "./page-cursor.ts";

/** A place in a list that is ordered by time, then id, newest first. */
export interface Place {
  /** Microseconds since 1970: JavaScript's Date would lose three digits, and rows of one statement share a moment. */
  at: number;
  id: string;
}

/** `list` names the list and what it is filtered by in kind, so that a cursor is not carried over to another one. */
export function readPlace(list: string, cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const [, at, id] = readCursor(cursor, z.tuple([z.literal(list), z.int().min(0), z.uuid()]));
  return { at, id };
}

export const writePlace = (list: string, { at, id }: Place): string => writeCursor([list, at, id]);

/** A time column as a Place holds it. */
export const microseconds = (column: string): RawBuilder<number> => sql`(extract(epoch from ${sql.ref(column)}) * 1000000)::bigint`;

/** And back, as a value to compare a time column with. */
export const moment = (at: number): RawBuilder<Date> => sql`timestamptz 'epoch' + ${at}::float8 * interval '1 microsecond'`;

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** Asked for one row more than wanted, a list knows whether there is another page. */
export function toPage<Row, Item>(rows: Row[], limit: number, toItem: (row: Row) => Item, cursorAfter: (row: Row) => string): Page<Item> {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return { items: rows.slice(0, limit).map(toItem), nextCursor: last === undefined ? null : cursorAfter(last) };
}
