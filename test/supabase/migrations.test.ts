import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { asMember, createDb } from "#db/client.ts";
import { dumpSchema } from "#db/migrate/dump.ts";
import { readMigrations } from "#db/migrate/files.ts";
import { migrate } from "#db/migrate/migrate.ts";
import { createWorkspace } from "#db/queries/workspaces.ts";
import { startProduct } from "#test/product-process.ts";
import { type DefaultGrants, type HostedCluster, startHostedCluster } from "./hosted.ts";
import { missingTools, supabase } from "./tools.ts";

// A database as a Supabase project has it: made by the platform, and its owner is no superuser. Our runner and the
// Supabase CLI lead to the same schema, in any order, and neither repeats the other's work.

const root = join(import.meta.dirname, "..", "..");
const fileNames = readMigrations(join(root, "supabase", "migrations")).map(({ fileName }) => fileName);
const committed = readFileSync(join(root, "db", "schema.sql"), "utf8");
let cluster: HostedCluster;
beforeAll(async () => {
  cluster = await startHostedCluster();
});
afterAll(() => cluster?.stop());

let number = 0;
const newDatabase = (grants: DefaultGrants) => cluster.createDatabase(`project_${number++}`, grants);
const push = (url: string) => supabase(["db", "push", `--remote=${url}`, "--include-all", "--yes"]);
/**
 * The grants that the platform makes by itself: everything to the backend's role, and the use of `public` to everybody.
 */
const withoutPlatformGrants = (dump: string) => dump.replaceAll(/^grant (.* to service_role|usage on schema public to anon);\n/gm, "");

describe.each(["old", "new"] as const)("with the %s default grants", (grants) => {
  test("our runner leaves the schema of every other Postgres, touches nothing of the platform, and applies nothing twice", async () => {
    const url = await newDatabase(grants);
    const before = await platformObjects(url);
    expect(await migrate(url)).toEqual({ applied: fileNames });
    expect(withoutPlatformGrants(await dumpSchema(url))).toBe(committed);
    expect(await platformObjects(url)).toEqual(before);
    expect(await migrate(url)).toEqual({ applied: [] });
  });

  test("the API reads and writes through the owner's one address, and nobody else gets in", async () => {
    const url = await newDatabase(grants);
    await migrate(url);
    const db = createDb(url);
    try {
      const ownerId = randomUUID();
      const workspace = await db.transaction().execute((tx) => createWorkspace(tx, { name: "Ours", ownerId }));
      const contact = { workspace_id: workspace.id, firstname: "Ada", lastname: "Lovelace" };
      await asMember(db, { userId: ownerId, write: true }, (tx) => tx.insertInto("contacts").values(contact).execute());
      const count = (userId: string) =>
        asMember(db, { userId, write: false }, (tx) => tx.selectFrom("contacts").select("id").execute()).then((rows) => rows.length);
      expect([await count(ownerId), await count(randomUUID())]).toEqual([1, 0]);
      const asRole = (role: string, statement: string) =>
        db.transaction().execute(async (tx) => {
          await sql`select set_config('role', ${role}, true)`.execute(tx);
          await sql.raw(statement).execute(tx);
        });
      for (const [role, statement] of [
        ["anon", "select 1 from contacts"],
        ["anon", "insert into contacts (workspace_id, firstname, lastname) values ('x', 'y', 'z')"],
        ["authenticated", "insert into contacts (workspace_id, firstname, lastname) values ('x', 'y', 'z')"],
        ["authenticated", "delete from contacts"],
        ["authenticated", "truncate contacts"],
        ["authenticated", "select 1 from private.users"],
      ] as const) {
        await expect(asRole(role, statement)).rejects.toMatchObject({ code: "42501" });
      }
    } finally {
      await db.destroy();
    }
  });

  test.skipIf(missingTools)("`supabase db push` leads to the same, and the two are interchangeable", async () => {
    const [ours, theirs] = [await newDatabase(grants), await newDatabase(grants)];
    await migrate(ours);
    const pushed = await push(theirs);
    expect([pushed.code, pushed.stderr]).toEqual([0, expect.anything()]);
    // The CLI makes everything except the runner's own table of checksums, which our next start makes.
    expect(await migrate(theirs)).toEqual({ applied: [] });
    expect(await dumpSchema(theirs)).toBe(await dumpSchema(ours));
    expect(await history(theirs)).toEqual(await history(ours));
    for (const url of [ours, theirs]) {
      const again = await push(url);
      expect([again.code, again.stdout + again.stderr]).toEqual([0, expect.stringMatching(/up to date/i)]);
    }
  });
});

test("the product starts on it, migrates it and works, as somebody who is no superuser", async () => {
  const url = await newDatabase("new");
  const product = await startProduct(url, ["--port", "0"]);
  try {
    expect(await (await fetch(`${product.ready.url}/api/ready`)).json()).toEqual({ status: "ready" });
  } finally {
    expect(await product.end()).toBe(0);
  }
});

async function history(url: string): Promise<unknown[]> {
  const { rows } = await query(url, "select version, name from supabase_migrations.schema_migrations order by version");
  return rows;
}

/** Everything in the schemas that the platform owns. */
async function platformObjects(url: string): Promise<unknown[]> {
  const { rows } = await query(
    url,
    `select pg_describe_object('pg_proc'::regclass, oid, 0) as what, proowner::regrole::text as owner, proacl::text as acl from pg_proc
     where pronamespace = 'auth'::regnamespace
     union all select pg_describe_object('pg_class'::regclass, oid, 0), relowner::regrole::text, relacl::text from pg_class
     where relnamespace = 'auth'::regnamespace
     union all select 'schema auth', nspowner::regrole::text, nspacl::text from pg_namespace where nspname = 'auth' order by 1`,
  );
  return rows;
}

async function query(url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client.query(text).finally(() => client.end());
}
