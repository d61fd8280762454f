import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isRequired, textFields } from "#contract/contact-fields.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { missingTools, supabase } from "./tools.ts";

// The Supabase CLI checks our schema: with its linter, and by the types that it generates from it.

let db: TestDb;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

interface Finding {
  name: string;
  level: string;
  detail: string;
}

const advise = async () => {
  const args = [
    "db",
    "advisors",
    `--remote=${db.ownerUrl}`,
    "--type",
    "all",
    "--level",
    "warn",
    "--fail-on",
    "error",
    "--output-format",
    "json",
  ];
  const { code, stdout, stderr } = await supabase(args);
  if (stdout.trim() === "") throw new Error(`The linter said nothing: ${stderr}`);
  return { code, findings: (JSON.parse(stdout) as { results: Finding[] }).results };
};

describe.skipIf(missingTools)("the linter of the Supabase CLI", () => {
  test("finds no error, and no warning that is not known", async () => {
    const { code, findings } = await advise();
    expect(code).toBe(0);
    expect(findings.map(({ level, name, detail }) => `${level} ${name}: ${detail}`)).toEqual([
      // This function makes the default of ids. With a search path of its own it could not be inlined, and every insert
      // would be slower.
      "WARN function_search_path_mutable: Function `private.uuid_v7` has a role mutable search_path",
    ]);
  });

  test("would find one: it sees a table that somebody forgot to secure", async () => {
    await db.owner.schema.createTable("forgotten").addColumn("id", "integer").execute();
    await sql`grant select on forgotten to authenticated`.execute(db.owner);
    try {
      const { code, findings } = await advise();
      expect(code).not.toBe(0);
      expect(findings.filter(({ level }) => level === "ERROR").map(({ name }) => name)).toContain("rls_disabled_in_public");
    } finally {
      await db.owner.schema.dropTable("forgotten").execute();
    }
  });
});

describe.skipIf(missingTools)("`supabase gen types`", () => {
  test("sees the columns that db/tables.ts has, with the same that may be null", async () => {
    const { code, stdout } = await supabase(["gen", "types", `--remote=${db.ownerUrl}`, "--schema", "public,private"]);
    expect(code).toBe(0);
    const generated = readGenerated(stdout);
    const written = readWritten(readTables());
    expect(written.size).toBeGreaterThan(30);
    for (const [table, columns] of written) expect({ table, columns: generated.get(table) }).toEqual({ table, columns });
  });
});

type Columns = Record<string, "null" | "never null">;
const byNull = (type: string) => (/\bnull\b/.test(type) ? "null" : "never null");

/** The columns of every table and view in the CLI's types, by the name that Kysely uses. */
function readGenerated(text: string): Map<string, Columns> {
  const found = new Map<string, Columns>();
  const [publicAt, privateAt] = [text.indexOf('"public": {'), text.indexOf('"private": {')];
  for (const match of text.matchAll(/"(\w+)": \{\s*Row: \{([^}]*)\}/g)) {
    const inPublic = publicAt > privateAt ? match.index > publicAt : match.index < privateAt;
    const columns = [...(match[2] as string).matchAll(/"(\w+)"\??: ([^,}]+)/g)].map(([, name, type]) => [name, byNull(type as string)]);
    found.set(`${inPublic ? "" : "private."}${match[1]}`, Object.fromEntries(columns));
  }
  return found;
}

/** The source of db/tables.ts and of the interfaces beside it. */
function readTables(): string {
  const db = join(import.meta.dirname, "..", "..", "db");
  const interfaces = readdirSync(join(db, "tables")).map((file) => join(db, "tables", file));
  return [join(db, "tables.ts"), ...interfaces].map((file) => readFileSync(file, "utf8")).join("\n");
}

const views = ["private.member_contacts", "private.member_bin", "private.member_messages"];

/**
 * The columns of each table as db/tables.ts describes them. Views are left out, because a generator cannot know which of their columns may be
 * null.
 */
function readWritten(source: string): Map<string, Columns> {
  const interfaces = new Map<string, Columns>();
  for (const [, name, body] of source.matchAll(/export interface (\w+Table)(?: extends \w+)? \{\n(.*?)^\}/gms)) {
    const columns = [...(body as string).matchAll(/^ {2}(\w+): (.+);$/gm)].map(([, column, type]) => [column, byNull(type as string)]);
    interfaces.set(name as string, Object.fromEntries(columns));
  }
  // The texts of a contact are described in contract/contact-fields.ts.
  for (const field of textFields) {
    Object.assign(interfaces.get("ContactsTable") ?? {}, { [field]: isRequired(field) ? "never null" : "null" });
  }
  const database = source.slice(source.indexOf("export interface Database {"));
  const tables = [...database.matchAll(/^ {2}"?([\w.]+)"?: (\w+Table);$/gm)].map(
    ([, table, type]) => [table, interfaces.get(type as string)] as const,
  );
  return new Map(tables.filter(([table]) => !views.includes(table as string)) as [string, Columns][]);
}
