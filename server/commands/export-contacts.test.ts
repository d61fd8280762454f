import { randomUUID } from "node:crypto";
import { Writable } from "node:stream";
import { parse } from "csv-parse/sync";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ContactFilter, Selection } from "#contract/contacts.ts";
import { asMember, type Tx } from "#db/client.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { writeAll } from "./csv-file.ts";
import { exportContacts } from "./export-contacts.ts";

const userId = randomUUID();
const workspaceId = "export";
const order = { sort: "created_at", direction: "asc" } as const;
let db: TestDb;

const run =
  (write: boolean) =>
  <T>(fn: (tx: Tx) => Promise<T>) =>
    asMember(db.api, { userId, write }, fn);

const dangerous = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠1", '=HYPERLINK("http://x","y")'];

beforeAll(async () => {
  db = await createTestDb();
  for (const id of [workspaceId, "copy"]) {
    await db.owner.insertInto("workspaces").values({ id, name: id }).execute();
    await db.owner.insertInto("workspace_members").values({ workspace_id: id, user_id: userId, role: "editor" }).execute();
  }
  const odd = {
    lastname: 'O"Neil, "Zoë"\r\nline two',
    email: "zoë@example",
    phone_number: "12",
    metadata: JSON.stringify({ tags: ["a", "b"], note: "x" }),
  };
  await db.owner
    .insertInto("contacts")
    .values({ workspace_id: workspaceId, firstname: "王", ...odd })
    .execute();
  await db.owner
    .insertInto("contacts")
    .values(
      dangerous.map((firstname) => ({
        workspace_id: workspaceId,
        firstname,
        lastname: "D",
        phone_number: "202-555-0134",
        phone_e164: "+12025550134",
      })),
    )
    .execute();
  await sql`insert into contacts (workspace_id, firstname, lastname) select ${workspaceId}, 'F' || i, '' from generate_series(1, 2500) i`.execute(
    db.owner,
  );
});
afterAll(() => db.drop());

async function exported(filter: ContactFilter = { tests: [] }, more: Partial<Selection> = {}): Promise<string> {
  const selection = { type: "filter", filter, excluded: [], ...more } as Selection;
  let text = "";
  for await (const chunk of exportContacts({ workspaceId, selection, order, read: run(false) })) text += chunk;
  return text;
}

describe("the export", () => {
  test("no value begins as a formula, telephone numbers included", async () => {
    const records = parse(await exported(), { bom: true, columns: true }) as Record<string, string>[];
    for (const record of records) {
      for (const value of Object.values(record)) if (!/^\+\d+$/.test(value)) expect(value).not.toMatch(/^[=+\-@\t\r＝＋－＠]/);
    }
    expect(records.filter(({ lastname }) => lastname === "D").map(({ firstname }) => firstname)).toEqual(
      dangerous.map((value) => `'${value}`),
    );
    expect(records.find(({ lastname }) => lastname === "D")?.phone_number).toBe("+12025550134");
  });

  test("it begins with the mark that Excel needs, ends its lines as the standard says, and keeps any text", async () => {
    const text = await exported();
    expect(text.startsWith('\u{FEFF}"id","firstname","lastname",')).toBe(true);
    expect(text.endsWith("\r\n")).toBe(true);
    const [record] = parse(text, { bom: true, columns: true }) as Record<string, string>[];
    expect(record).toMatchObject({
      firstname: "王",
      lastname: 'O"Neil, "Zoë"\r\nline two',
      email: "zoë@example",
      phone_number: "12",
      note: "x",
      tags: '["a","b"]',
    });
  });

  test("it holds every contact once, over all its pages, or those that a filter matches", async () => {
    const records = parse(await exported(), { bom: true, columns: true }) as Record<string, string>[];
    expect(new Set(records.map(({ id }) => id)).size).toBe(2500 + dangerous.length + 1);
    const some = await exported({ search: "F25", tests: [] });
    expect(parse(some, { bom: true, columns: true })).toHaveLength(12);
    expect(parse(await exported({ search: "nobody", tests: [] }), { bom: true })).toHaveLength(1);
  });

  test("a custom field has a column of its own, also one that is called as ours are or begins a formula", async () => {
    const metadata = { email: "second@example.com", "metadata.x": "1", "=cmd": "2", " spaced ": "3", plan: "gold", age: 5, id: "crm-7" };
    const [{ id = "" } = {}] = await db.owner
      .insertInto("contacts")
      .values({ workspace_id: workspaceId, firstname: "Custom", lastname: "Fields", metadata: JSON.stringify(metadata) })
      .returning("id")
      .execute();
    const [header = [], cells = []] = parse(await exported({ search: "custom fields", tests: [] }), { bom: true }) as string[][];
    expect(new Set(header).size).toBe(header.length);
    expect(Object.fromEntries(header.map((name, index) => [name, cells[index]]))).toMatchObject({
      id,
      email: "",
      "metadata.email": "second@example.com",
      "metadata.metadata.x": "1",
      "'=cmd": "2",
      " spaced ": "3",
      plan: "gold",
      age: "5",
      "metadata.id": "crm-7",
    });
    await db.owner.deleteFrom("contacts").where("id", "=", id).execute();
  });

  test("a reader that is slow is waited for, one that leaves ends it", async () => {
    let asked = 0;
    async function* endless() {
      for (;;) yield `${asked++}`.padStart(1000);
    }
    const gone = new AbortController();
    const stuck = new Writable({ highWaterMark: 5000, write() {} });
    const writing = writeAll(endless(), stuck, gone.signal);
    await expect.poll(() => stuck.writableNeedDrain).toBe(true);
    await new Promise(setImmediate);
    expect(asked).toBe(5);
    gone.abort();
    await writing;
    expect(asked).toBeLessThan(8);
  });
});

test("the chosen contacts are exported alone, by their ids and as a filter without some", async () => {
  const [first, second, third] = (
    await db.owner.selectFrom("contacts").select("id").where("workspace_id", "=", workspaceId).orderBy("id").limit(3).execute()
  ).map(({ id }) => id) as [string, string, string];
  const idsOf = (csv: string) => (parse(csv, { bom: true, columns: true }) as { id: string }[]).map(({ id }) => id).sort();
  expect(idsOf(await exported({ tests: [] }, { type: "ids", ids: [first, third] } as Partial<Selection>))).toEqual([first, third].sort());
  const without = idsOf(await exported({ tests: [] }, { excluded: [second] } as Partial<Selection>));
  expect(without).toContain(first);
  expect(without).not.toContain(second);
});
