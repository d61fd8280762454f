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

test("a consent from before counts for the address that the contact has at the upgrade, and an opt-out names none", async () => {
  const folder = join(import.meta.dirname, "../../supabase/migrations");
  const file = readdirSync(folder).find((name) => name.endsWith("_consent_addresses.sql")) as string;
  const fill = /^update public\.contact_consents[\s\S]*?;$/m.exec(readFileSync(join(folder, file), "utf8"))?.[0] as string;
  await sql`insert into workspaces (id, name) values ('w', 'W')`.execute(db.owner);
  const person = async (phone: string | null, email: string | null) => {
    const { rows } = await sql<{ id: string }>`insert into contacts (workspace_id, firstname, lastname, phone_e164, email)
      values ('w', 'A', 'B', ${phone}, ${email}) returning id`.execute(db.owner);
    return rows[0]?.id as string;
  };
  const [both, none] = [await person("+14155552671", " Ada@Example.test "), await person(null, null)];
  for (const id of [both, none])
    for (const channel of ["sms", "email", "all"])
      for (const state of ["opted_in", "opted_out"])
        await sql`insert into contact_consents (workspace_id, contact_id, channel, state, address, given_at)
          values ('w', ${id}::uuid, ${channel}, ${state}, '', now())`.execute(db.owner);
  await sql.raw(fill).execute(db.owner);
  const { rows } =
    await sql`select contact_id, channel, state, address from contact_consents where address is not null order by channel`.execute(
      db.owner,
    );
  expect(rows).toEqual([
    { contact_id: both, channel: "email", state: "opted_in", address: "ada@example.test" },
    { contact_id: both, channel: "sms", state: "opted_in", address: "+14155552671" },
  ]);
});
