import { randomUUID } from "node:crypto";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEmptyTestDb, createTestDb, type TestDb } from "#test/db.ts";
import { buildOneOfEverything } from "#test/one-of-everything.ts";
import { dumpSchema } from "../migrate/dump.ts";
import { readFence, settlePlace } from "../queries/send-fence.ts";
import { createWorkspace } from "../queries/workspaces.ts";
import { backUp } from "./backup.ts";
import { restore } from "./restore.ts";
import { leftOut, listTables } from "./tables.ts";

let db: TestDb;
let folder: string;
let file: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sluice-backup-"));
  file = join(folder, "whole.backup");
  db = await createTestDb();
  const ownerId = randomUUID();
  const { id: workspaceId } = await db.owner
    .transaction()
    .execute((tx) => createWorkspace(tx, { name: 'Ours, "quoted" \\ and ünï', ownerId }));
  await buildOneOfEverything(db.owner, workspaceId, ownerId);
  const contact = {
    workspace_id: workspaceId,
    firstname: '{"table":"x"}',
    lastname: "line\nbreak",
    metadata: '{"n": 12345678901234567890.5, "deep": [null]}',
  };
  await db.owner
    .insertInto("contacts")
    .values(Array.from({ length: 2_500 }, () => contact))
    .execute();
  await settlePlace(db.owner, { files: undefined });
  await backUp(db.ownerUrl, file);
});
afterAll(async () => {
  await db.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** How many rows each table has and what they are, whatever their order. */
async function contents(of: TestDb): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: of.ownerUrl });
  await client.connect();
  const found: Record<string, string> = {};
  for (const table of (await listTables(client)).filter((name) => !leftOut.has(name))) {
    const { rows } = await client.query(
      `select count(*) || ' ' || md5(coalesce(string_agg(t::text, e'\\n' order by t::text), '')) as sum from ${table} t`,
    );
    found[table] = rows[0].sum;
  }
  await client.end();
  return found;
}

test("a restored copy has every row of every table, to the microsecond and the last digit, under the same schema", async () => {
  const copy = await createEmptyTestDb();
  try {
    await restore(copy.ownerUrl, file);
    const [original, restored] = [await contents(db), await contents(copy)];
    expect(Object.keys(original).length).toBeGreaterThan(30);
    expect(original["public.contacts"]).toMatch(/^250\d /);
    expect(restored).toEqual(original);
    expect(await dumpSchema(copy.ownerUrl)).toBe(await dumpSchema(db.ownerUrl));
    expect([await readFence(db.owner), await readFence(copy.owner)]).toEqual([null, expect.any(Date)]);
  } finally {
    await copy.drop();
  }
});

test("what was written while it ran is wholly in it or not at all", async () => {
  const during = join(folder, "during.backup");
  let stopped = false;
  const writing = (async () => {
    while (!stopped) await db.owner.transaction().execute((tx) => createWorkspace(tx, { name: "Meanwhile", ownerId: randomUUID() }));
  })();
  await backUp(db.ownerUrl, during);
  stopped = true;
  await writing;
  const copy = await createEmptyTestDb();
  try {
    await restore(copy.ownerUrl, during);
    const { rows } = await sql`select id from workspaces w where name = 'Meanwhile' and not exists (
      select from workspace_members m where m.workspace_id = w.id)`.execute(copy.owner);
    expect(rows).toEqual([]);
  } finally {
    await copy.drop();
  }
});

test("a file that is cut off, or none of ours, restores nothing, and a database in use is left alone", async () => {
  const whole = gunzipSync(readFileSync(file)).toString().split("\n");
  const write = (name: string, lines: string[]) => {
    writeFileSync(join(folder, name), gzipSync(lines.join("\n")));
    return join(folder, name);
  };
  const copy = await createEmptyTestDb();
  try {
    await expect(restore(copy.ownerUrl, write("cut.backup", whole.slice(0, whole.length - 40)))).rejects.toThrow(
      /cut off: nothing was restored/,
    );
    expect((await sql`select from workspaces`.execute(copy.owner)).rows).toEqual([]);
    await expect(restore(copy.ownerUrl, write("other.backup", ["{}"]))).rejects.toThrow(/no backup of Sluice/);
    const [header = "{}", ...rest] = whole;
    const newer = JSON.stringify({ ...JSON.parse(header), versions: [...JSON.parse(header).versions, "29990101000000"] });
    await expect(restore(copy.ownerUrl, write("newer.backup", [newer, ...rest]))).rejects.toThrow(/newer Sluice/);
  } finally {
    await copy.drop();
  }
  await expect(restore(db.ownerUrl, file)).rejects.toThrow(/already has workspaces/);
});

test("only its owner can read a backup, also where a file that others could read was there before", async () => {
  const open = join(folder, "open.backup");
  for (const name of [open, `${open}.unfinished`]) {
    writeFileSync(name, "old");
    chmodSync(name, 0o666);
  }
  await backUp(db.ownerUrl, open);
  expect(modeOf(open)).toBe("600");
});

test("nor while it is being written", async () => {
  const slow = join(folder, "slow.backup");
  const holding = new pg.Client({ connectionString: db.ownerUrl });
  await holding.connect();
  // The backup cannot end before it has read this table.
  await holding.query("begin; lock table public.contacts in access exclusive mode");
  const writing = backUp(db.ownerUrl, slow);
  await expect.poll(() => existsSync(`${slow}.unfinished`)).toBe(true);
  const mode = modeOf(`${slow}.unfinished`);
  await holding.query("commit");
  await holding.end();
  await writing;
  expect([mode, modeOf(slow)]).toEqual(["600", "600"]);
});

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
