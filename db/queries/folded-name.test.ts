import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { foldName } from "#contract/fold.ts";
import { createTestDb, type TestDb } from "#test/db.ts";

let db: TestDb;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

const folded = async (names: string[]) =>
  (
    await sql<{ folded: string }>`
      select private.folded_name(name) as folded from unnest(${names}::text[]) with ordinality as n (name, place) order by place`.execute(
      db.owner,
    )
  ).rows.map((row) => row.folded);

test("the database and the program fold names in the same way", async () => {
  const hostile = [
    ...[
      "",
      " ",
      "Hot",
      "  HOT \t lead ",
      "Café",
      "CAFE\u0301",
      "ＮＥＷ",
      "İstanbul",
      "ıI",
      "ΣΑΣ",
      "σας",
      "ς",
      "Straße",
      "STRASSE",
      "ﬁn",
      "Ⅷ",
    ],
    ...["a\u00a0b", "a\u3000 b", "\ufeffa\ufeff", "\u200bnew", "नमस्ते", "แม่", "אָב", "ﷺ", "🔥 Hot", "Ǆ", "ẞ", "ŉ", "µ", "Å", "\u0345", "ΐ"],
  ];
  expect(await folded(hostile)).toEqual(hostile.map(foldName));
});

test("random names of any script are folded in the same way", async () => {
  const letter = fc.constantFrom(...Array.from("aA éÉßẞςΣσİıﬁ１ǅ\u0301\u0345\u00a0\u3000\t한글かがガ中Ⅷ½™ÅŒœÞþĳŁłЙйЁёऄा"));
  const anything = fc.string({ unit: "grapheme", maxLength: 20 }).map((text) => text.replaceAll("\0", ""));
  const names = fc.sample(fc.oneof(fc.string({ unit: letter, maxLength: 12 }), anything), { numRuns: 2_000, seed: 1 });
  const told = await folded(names);
  const wrong = names.filter((name, index) => told[index] !== foldName(name));
  expect(wrong.map((name) => [name, JSON.stringify(foldName(name))])).toEqual([]);
});
