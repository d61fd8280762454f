import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";

let db: TestDb;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

test("the migration allows a workspace its own country and every country that its SMS went to, so that nothing stops", async () => {
  const folder = join(import.meta.dirname, "../../supabase/migrations");
  const file = readdirSync(folder).find((name) => name.endsWith("_sms_countries.sql")) as string;
  const fill = /^with reached as[\s\S]*?;$/m.exec(readFileSync(join(folder, file), "utf8"))?.[0] as string;
  await sql`insert into workspaces (id, name, country, is_demo) values
    ('abroad', 'Abroad', 'AT', false), ('home', 'Home', 'AT', false), ('new', 'New', 'US', false), ('demo', 'Demo', 'US', true)`.execute(
    db.owner,
  );
  const went = (workspace: string, to: string, status: string, channel = "sms") =>
    sql`insert into messages (workspace_id, channel, provider, to_address, status) values (${workspace}, ${channel}, 'capture', ${to}, ${status})`.execute(
      db.owner,
    );
  await went("abroad", "+4915112345678", "delivered");
  await went("abroad", "+14165550101", "sent");
  await went("abroad", "+447911123456", "failed");
  await went("abroad", "ada@example.test", "sent", "email");
  await went("home", "+436641234567", "sent");
  await sql`insert into contacts (workspace_id, firstname, lastname, phone_e164) values ('demo', 'A', 'B', '+33199001234'), ('new', 'A', 'B', '+33199001234')`.execute(
    db.owner,
  );
  await sql.raw(fill).execute(db.owner);
  const { rows } = await sql<{ id: string; sms_countries: string[] | null }>`select id, sms_countries from workspaces order by id`.execute(
    db.owner,
  );
  expect(Object.fromEntries(rows.map(({ id, sms_countries }) => [id, sms_countries]))).toEqual({
    abroad: ["AT", "CA", "DE"],
    demo: ["FR", "US"],
    home: null,
    new: null,
  });
});
