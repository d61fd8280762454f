import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { contactFields } from "#contract/contact-fields.ts";
import type { FilterTest } from "#contract/contacts.ts";
import { ContactFilter, filterOperators } from "#contract/contacts.ts";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import { matchesFilter } from "./contact-filter.ts";

const workspaceId = "hostile-filter-tests";
// Values that mean something to SQL, LIKE, regular expressions, arrays or JSON, or that Postgres cannot hold.
const hostile = String.raw`' or '1'='1|'; drop table contacts; --|" or ""="|\'; select pg_sleep(9); --|1) or (1=1|%' or 1=1 --|$1|$$|$q$
\|\\|\%|%_%|_|%|{}|{"a":1}|{a,b}|{"|NULL|null|true|((((((((|[[:<:]]|(a+)+$|.*|?|:name|::text|/**/|--|#|;|\x00|\u0000|*|!|@|,|ß|ﬁ|😀😀`
  .split(/[|\n]/)
  .concat("\0", "a\0b", "\ud800", "\udfff\ud800", "\u202e", "a\nb", "\t", "x".repeat(100), "%".repeat(100));
const storable = (text: string) => text.toWellFormed().replaceAll("\0", "\u{FFFD}");
let db: TestDb;

beforeAll(async () => {
  db = await createTestDb();
  await db.owner.insertInto("workspaces").values({ id: workspaceId, name: "Tests" }).execute();
  const rows = hostile.map((value) => ({
    workspace_id: workspaceId,
    firstname: storable(value),
    lastname: "Doe",
    lead_status: storable(value),
  }));
  await db.owner.insertInto("contacts").values(rows).execute();
});
afterAll(() => db.drop());

async function firstnames(filter: ContactFilter): Promise<string[]> {
  const found = await db.owner
    .selectFrom("contacts")
    .select("firstname")
    .where("workspace_id", "=", workspaceId)
    .where(matchesFilter(filter))
    .execute();
  return found.map(({ firstname }) => firstname).sort();
}

/** The same question answered without a database: there are words, and every one occurs; one of one or two letters begins a word. */
const holding = (text: string) => {
  const words = storable(text).toLowerCase().split(/\s+/u).filter(Boolean);
  const terms = words.map((word) => (/^[\p{L}\p{N}]{1,2}$/u.test(word) ? ` ${word}` : word));
  return hostile.map(storable).filter((name) => terms.length > 0 && terms.every((term) => `  ${name.toLowerCase()} doe  `.includes(term)));
};

test("searching for hostile text finds what literally holds it, nothing else, and is never an error", async () => {
  for (const value of hostile) expect(await firstnames({ search: value, tests: [] }), value).toEqual(holding(value).sort());
});

test("any text made of such characters is searched for literally", async () => {
  const text = fc.string({ unit: fc.constantFrom(..."%_\\'\"$ad o(){}[]-;:*.?\0\ud800ß"), maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(text, async (value) => {
      expect(await firstnames({ search: value, tests: [] })).toEqual(holding(value).sort());
    }),
    { numRuns: 300 },
  );
});

test("every operator of every text and choice takes every hostile value", async () => {
  const before = await firstnames({ tests: [] });
  let asked = 0;
  for (const [field, { kind }] of Object.entries(contactFields)) {
    if (kind !== "text" && kind !== "choice") continue;
    for (const operator of Object.keys(filterOperators[kind])) {
      const filters = hostile.flatMap((value) => {
        const given = operator === "in" || operator === "not_in" ? [value] : value;
        const filter = ContactFilter.safeParse({ tests: [{ field, operator, value: given }] as FilterTest[] });
        return filter.success ? [filter.data] : [];
      });
      // As columns, not as conditions: so each is evaluated for every row, whatever the others say.
      await sql`select ${sql.join(filters.map(matchesFilter))} from contacts where workspace_id = ${workspaceId}`.execute(db.owner);
      asked += filters.length;
    }
  }
  expect(asked).toBeGreaterThan(2000);
  expect(await firstnames({ tests: [] })).toEqual(before);
});

test("an exact test on a hostile value finds exactly its row", async () => {
  for (const value of hostile.filter((each) => each.trim() === each && each !== "")) {
    const expected = hostile.map(storable).filter((name) => name.toLowerCase() === storable(value).toLowerCase());
    expect(await firstnames({ tests: [{ field: "lead_status", operator: "is", value }] }), value).toEqual(expected.sort());
    expect(await firstnames({ tests: [{ field: "firstname", operator: "is", value }] }), value).toEqual(expected.sort());
  }
});
