import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDb, type TestDb } from "#test/db.ts";
import { createDb } from "./client.ts";
import { createPool } from "./pool.ts";

// On a server of which others say how it is set: statements are compiled there from the first on.
let db: TestDb;
let name: string;
beforeAll(async () => {
  db = await createTestDb();
  name = new URL(db.ownerUrl).pathname.slice(1);
  await sql`alter database ${sql.id(name)} set jit = on`.execute(db.owner);
  await sql`alter database ${sql.id(name)} set jit_above_cost = 0`.execute(db.owner);
});
afterAll(() => db.drop());

test("no connection of a pool compiles statements, whatever the server's setting", async () => {
  const plain = new pg.Client({ connectionString: db.ownerUrl });
  await plain.connect();
  expect((await plain.query("show jit")).rows).toEqual([{ jit: "on" }]);
  await plain.end();
  const pool = createPool({ connectionString: db.ownerUrl, max: 3 }, () => {});
  const shown = await Promise.all([1, 2, 3].map(() => pool.query("select current_setting('jit') as jit, pg_sleep(0.05)")));
  expect(shown.flatMap(({ rows }) => rows.map(({ jit }) => jit))).toEqual(["off", "off", "off"]);
  await pool.end();
  const own = createDb(db.ownerUrl);
  expect((await sql<{ jit: string }>`show jit`.execute(own)).rows).toEqual([{ jit: "off" }]);
  await own.destroy();
});

test("the product makes its pools in one place", () => {
  const root = join(import.meta.dirname, "..");
  const files = ["channels", "db", "engine", "nodes", "server"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  );
  const product = files.filter((file) => /\.ts$/.test(file) && !file.endsWith(".test.ts"));
  expect(product.filter((file) => /new (pg\.)?Pool\(/.test(readFileSync(join(root, file), "utf8")))).toEqual([join("db", "pool.ts")]);
});
