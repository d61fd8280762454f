import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isRequired, textColumns, textFields } from "#contract/contact-fields.ts";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";

/** The columns that are stored in a way of their own, each with code that knows it. */
const special = [
  ...["id", "workspace_id", "sms_opted_out_at", "email_opted_out_at", "opt_out_source", "dnc", "metadata", "created_at", "updated_at"],
  ...[
    "search_text",
    "sort_name",
    "sort_email",
    "email_usable",
    "phone_country",
    "sms_refused_as",
    "email_refused_as",
    "source",
    "source_id",
    "deleted_at",
    "deleted_by",
    "deleted_by_name",
  ],
];

let db: TestDb;

beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

const columnsOf = async (table: string) => {
  const { rows } = await sql<{ name: string; nullable: boolean }>`
    select attname as name, not attnotnull as nullable from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped`.execute(db.owner);
  return rows;
};

test("every column of a contact is a described field or a special one, also in the view that members read", async () => {
  const known = [...textColumns, ...special].sort();
  for (const table of ["public.contacts", "private.member_contacts"]) {
    expect((await columnsOf(table)).map(({ name }) => name).sort()).toEqual(known);
  }
});

test("a field is required where its column takes no null", async () => {
  const columns = new Map((await columnsOf("public.contacts")).map(({ name, nullable }) => [name, nullable]));
  for (const field of textFields) expect([field, columns.get(field)]).toEqual([field, !isRequired(field)]);
});
