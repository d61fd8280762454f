import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import { matchesFilter } from "./contact-filter.ts";

const workspaceId = "letters";
/** Han, Han beyond the first plane, kana, Hangul, Thai, Khmer, Burmese, and Latin beside them. */
const names = [
  "王伟",
  "王小明",
  "𠮷田",
  "たなか ゆき",
  "タナカ",
  "김민준",
  "김 A",
  "สมชาย",
  "សុខា",
  "မောင်",
  "Wang 王",
  "Ada Lovelace",
  "・",
  "",
];
let db: TestDb;

beforeAll(async () => {
  db = await createTestDb();
  await db.owner.insertInto("workspaces").values({ id: workspaceId, name: "Letters" }).execute();
  const rows = names.map((firstname) => ({ workspace_id: workspaceId, firstname, lastname: "" }));
  await db.owner.insertInto("contacts").values(rows).execute();
});
afterAll(() => db.drop());

const matching = (search: string) =>
  db.owner
    .selectFrom("contacts")
    .select("firstname")
    .where("workspace_id", "=", workspaceId)
    .where(matchesFilter({ search, tests: [] }));

test("one or two letters of a script without spaces are found wherever they stand, and in their order", async () => {
  const letters = [...new Set([...names.join("").replaceAll(/[\sA-Za-z]/g, "")])];
  const pairs = names.flatMap((name) => [...name].slice(1).map((second, index) => `${[...name][index]}${second}`));
  const terms = [...letters, ...pairs, "明小", "伟王", "田田", "王김"].filter((term) => !/[\sA-Za-z]/.test(term));
  expect(terms.length).toBeGreaterThan(40);
  for (const term of terms) {
    const found = await matching(term).execute();
    expect(found.map(({ firstname }) => firstname).sort(), term).toEqual(names.filter((name) => name.includes(term)).sort());
  }
});

test("they are looked up in the index of such letters", async () => {
  const plan = await db.owner.transaction().execute(async (tx) => {
    // The planner prefers to read a table of fourteen rows from end to end, so there are more.
    await sql`insert into contacts (workspace_id, firstname, lastname) select ${workspaceId}, 'Filler ' || n, '' from generate_series(1, 3000) n`.execute(
      tx,
    );
    await sql`analyze contacts`.execute(tx);
    await sql`set local enable_seqscan = off`.execute(tx);
    const anywhere = matchesFilter({ search: "王", tests: [] });
    return sql<{ "QUERY PLAN": string }>`explain select id from contacts where ${anywhere}`.execute(tx);
  });
  expect(plan.rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain("contacts_letters");
});
