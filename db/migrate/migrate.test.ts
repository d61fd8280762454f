import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TestDb } from "#test/db.ts";
import { createEmptyTestDb } from "#test/db.ts";
import { migrate } from "./migrate.ts";

let db: TestDb;
let folder: string;

beforeEach(async () => {
  db = await createEmptyTestDb();
  folder = mkdtempSync(join(tmpdir(), "sluice-migrations-"));
  write("20260101000000_first.sql", "create table one (id int);\n\n-- with a comment\ncreate table two (id int);\n");
});
afterEach(async () => {
  await db.drop();
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const run = () => migrate(db.ownerUrl, () => {}, folder);
const history = async () => (await sql`select * from supabase_migrations.schema_migrations order by version`.execute(db.owner)).rows;
const exists = async (table: string) => {
  const { rows } = await sql<{ exists: boolean }>`select to_regclass(${table}) is not null as exists`.execute(db.owner);
  return rows[0]?.exists;
};

describe("migrate refuses", () => {
  test("a file that was edited after it had been applied", async () => {
    await run();
    write("20260101000000_first.sql", "create table one (id bigint);");
    await expect(run()).rejects.toMatchObject({ code: "edited_migration" });
    await expect(run()).rejects.toThrow(/20260101000000_first\.sql was edited/);
  });

  test("a database of a newer version with a migration after which earlier code must not run, also when one that only adds came later", async () => {
    write("20270101000000_gone.sql", "-- contract\nalter table one drop column id;");
    write("20270102000000_more.sql", "create table more (id int);");
    await run();
    rmSync(join(folder, "20270101000000_gone.sql"));
    rmSync(join(folder, "20270102000000_more.sql"));
    await expect(run()).rejects.toMatchObject({ code: "newer_database" });
    await expect(run()).rejects.toThrow(/20270101000000/);
  });

  test("a database that was migrated when nobody asked whether earlier code can go on", async () => {
    write("20270101000000_later.sql", "create table later (id int);");
    await run();
    await sql`alter table private.migration_checksums drop column ends_earlier_code`.execute(db.owner);
    rmSync(join(folder, "20270101000000_later.sql"));
    await expect(run()).rejects.toMatchObject({ code: "newer_database" });
  });

  test.each(["2026_short.sql", "20260202000000_Upper.sql", "20260202000000.sql"])("the file name %s", async (name) => {
    write(name, "select 1;");
    await expect(run()).rejects.toMatchObject({ code: "bad_file_name" });
  });

  test("two files with the same number", async () => {
    write("20260101000000_zweite.sql", "select 1;");
    await expect(run()).rejects.toThrow(/Two migrations have the number 20260101000000/);
  });

  test("a database that does not answer, by its address and without its password", async () => {
    const attempt = migrate("postgres://someone:secret@127.0.0.1:1/none", () => {}, folder);
    await expect(attempt).rejects.toMatchObject({ code: "database_unreachable" });
    await expect(attempt).rejects.not.toThrow(/secret/);
  });

  test("a failing file as a whole, naming the statement, and keeps the files before it", async () => {
    write("20260202000000_broken.sql", "create table three (id int);\ninsert into nowhere values (1);");
    await expect(run()).rejects.toThrow(/20260202000000_broken\.sql failed in statement 2 \(insert into nowhere values \(1\)\)/);
    expect(await exists("public.one")).toBe(true);
    expect(await exists("public.three")).toBe(false);
    expect(await history()).toHaveLength(1);
  });
});

describe("migrate", () => {
  test("writes the history in the form of the Supabase CLI and applies nothing twice", async () => {
    expect(await run()).toEqual({ applied: ["20260101000000_first.sql"] });
    expect(await history()).toEqual([
      {
        version: "20260101000000",
        statements: ["create table one (id int)", "-- with a comment\ncreate table two (id int)"],
        name: "first",
      },
    ]);
    expect(await run()).toEqual({ applied: [] });
  });

  test("leaves alone what the Supabase CLI has applied, and notices edits from then on", async () => {
    await run();
    await sql`delete from private.migration_checksums`.execute(db.owner);
    expect(await run()).toEqual({ applied: [] });
    write("20260101000000_first.sql", "create table other (id int);");
    await expect(run()).rejects.toMatchObject({ code: "edited_migration" });
  });

  test("of several processes at once each file is applied by one, and all go on", async () => {
    write("20260202000000_slow.sql", "select pg_sleep(0.2);\ncreate table three (id int);");
    const results = await Promise.all([run(), run(), run()]);
    expect(results.flatMap(({ applied }) => applied).sort()).toEqual(["20260101000000_first.sql", "20260202000000_slow.sql"]);
  });

  test("goes on with a database of a newer version whose migrations only add, and the newer version goes on after that", async () => {
    write("20270101000000_later.sql", "create table later (id int);");
    await run();
    rmSync(join(folder, "20270101000000_later.sql"));
    const said: string[] = [];
    expect(await migrate(db.ownerUrl, (line) => said.push(line), folder)).toEqual({ applied: [] });
    expect(said).toEqual(["This database was migrated by a newer Sluice, up to 20270101000000. This version can go on with it."]);
    write("20270101000000_later.sql", "create table later (id int);");
    expect(await run()).toEqual({ applied: [] });
  });

  test("applies what is missing of its own beside what a newer version has added", async () => {
    write("20270101000000_later.sql", "create table later (id int);");
    await run();
    rmSync(join(folder, "20270101000000_later.sql"));
    write("20260202000000_mine.sql", "create table mine (id int);");
    expect(await run()).toEqual({ applied: ["20260202000000_mine.sql"] });
  });

  test("a checkout with other line ends is not an edit", async () => {
    await run();
    write("20260101000000_first.sql", "create table one (id int);\r\n\r\n-- with a comment\r\ncreate table two (id int);\r\n");
    expect(await run()).toEqual({ applied: [] });
  });
});

describe("the shim", () => {
  const uid = sql<{ uid: string; role: string }>`select auth.uid() as uid, auth.role() as role`;
  const asSub = (sub: string) => sql`select set_config('request.jwt.claims', ${JSON.stringify({ sub, role: "authenticated" })}, false)`;

  test("gives a plain Postgres the claims functions, for the roles that policies name", async () => {
    await run();
    await db.owner.connection().execute(async (connection) => {
      await asSub("01890000-0000-7000-8000-000000000001").execute(connection);
      await sql`set role authenticated`.execute(connection);
      const { rows } = await uid.execute(connection);
      expect(rows).toEqual([{ uid: "01890000-0000-7000-8000-000000000001", role: "authenticated" }]);
      await sql`reset role`.execute(connection);
    });
  });

  test("touches nothing where the platform has its own", async () => {
    await sql`create schema auth`.execute(db.owner);
    await sql`create function auth.uid() returns uuid language sql as 'select null::uuid'`.execute(db.owner);
    await run();
    const { rows } = await sql`select proname from pg_proc where pronamespace = 'auth'::regnamespace`.execute(db.owner);
    expect(rows).toEqual([{ proname: "uid" }]);
  });

  test("completes a half-prepared database without replacing what is there", async () => {
    await sql`create schema auth`.execute(db.owner);
    await sql`create function auth.role() returns text language sql as $$ select 'mine' $$`.execute(db.owner);
    await run();
    const { rows } = await uid.execute(db.owner);
    expect(rows).toEqual([{ uid: null, role: "mine" }]);
  });
});
