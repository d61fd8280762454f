import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import type { SortableField } from "#contract/contact-fields.ts";
import { isTextField, sortableFields } from "#contract/contact-fields.ts";
import type { ContactListQuery } from "#contract/contacts.ts";
import { unstorablePart } from "#contract/storable.ts";
import { foldedColumn } from "./contact-folded.ts";
import { readCursor, writeCursor } from "./page-cursor.ts";

export type ContactOrder = Pick<ContactListQuery, "sort" | "direction">;

/** Each of these has an index (workspace_id, key, id); blanks come last in both directions. */
const keyOf = (field: SortableField) => {
  if (isTextField(field)) return { column: foldedColumn(field), type: "text", nullable: true } as const;
  if (field === "phone") return { column: sql.ref("contacts.phone_e164"), type: "text", nullable: true } as const;
  return { column: sql.ref(`contacts.${field}`), type: "moment", nullable: false } as const;
};
const keys = Object.fromEntries(sortableFields.map((field) => [field, keyOf(field)])) as Record<SortableField, ReturnType<typeof keyOf>>;

/** The last row of a page. Moments are microseconds since 1970: JavaScript's Date would lose three of their digits. */
export interface ContactPlace {
  key: string | number | null;
  id: string;
}

const order = ({ direction }: ContactOrder) => (direction === "asc" ? sql`asc` : sql`desc`);
const beyond = ({ direction }: ContactOrder) => (direction === "asc" ? sql`>` : sql`<`);

export const isNullable = ({ sort }: ContactOrder): boolean => keys[sort].nullable;

export function sortKey({ sort }: ContactOrder): RawBuilder<string | number | null> {
  const { column, type } = keys[sort];
  return type === "moment" ? sql`(extract(epoch from ${column}) * 1000000)::bigint` : sql`${column}`;
}

/** Ordered by the key even where it is null everywhere: only so the planner sees that the index has this order. */
export const sortOrder = (given: ContactOrder): RawBuilder<unknown> =>
  sql`${keys[given.sort].column} ${order(given)}, contacts.id ${order(given)}`;

/** The rows that have a key, from a place on. */
export function keyedAfter(given: ContactOrder, place: ContactPlace | undefined): RawBuilder<SqlBool> {
  const { column, type, nullable } = keys[given.sort];
  if (!place) return nullable ? sql`${column} is not null` : sql`true`;
  const key = type === "moment" ? sql`timestamptz 'epoch' + ${place.key}::float8 * interval '1 microsecond'` : sql`${place.key}::text`;
  return sql`(${column}, contacts.id) ${beyond(given)} (${key}, ${place.id}::uuid)`;
}

/** The rows without a key, from a place on. */
export function blankAfter(given: ContactOrder, place: ContactPlace | undefined): RawBuilder<SqlBool> {
  const { column } = keys[given.sort];
  return place ? sql`${column} is null and contacts.id ${beyond(given)} ${place.id}::uuid` : sql`${column} is null`;
}

export const writeContactCursor = ({ sort, direction }: ContactOrder, { key, id }: ContactPlace): string =>
  writeCursor([sort, direction, key, id]);

export function readContactCursor(given: ContactOrder, cursor: string): ContactPlace {
  const { type, nullable } = keys[given.sort];
  const aKey = type === "moment" ? z.int() : storableKey;
  const shape = z.tuple([z.literal(given.sort), z.literal(given.direction), nullable ? aKey.nullable() : aKey, z.uuid()]);
  const [, , key, id] = readCursor(cursor, shape);
  return { key, id };
}

const storableKey = z.string().refine((text) => unstorablePart(text) === undefined);
