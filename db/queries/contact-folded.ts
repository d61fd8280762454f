import { type RawBuilder, sql } from "kysely";
import type { TextField } from "#contract/contact-fields.ts";
import { contactFields, isNamed, textFields } from "#contract/contact-fields.ts";

/** Generated columns, which have indexes of their own. */
const generated: { [K in TextField]?: string } = { name: "contacts.sort_name", email: "contacts.sort_email" };

/** Choices are indexed and counted as they are; a text is blank where it has nothing but spaces. */
function fold(field: TextField): string {
  const column = `contacts.${field}`;
  if (isNamed(field)) return `private.folded_name(${column})`;
  return generated[field] ?? (contactFields[field].kind === "choice" ? `lower(${column})` : `nullif(lower(btrim(${column})), '')`);
}

const folded = new Map(textFields.map((field) => [field, sql.raw<string | null>(fold(field))]));

/** A text field in lower case and null where blank, or folded where it holds names, by the very expression that its index has. */
export const foldedColumn = (field: TextField): RawBuilder<string | null> => folded.get(field) as RawBuilder<string | null>;
