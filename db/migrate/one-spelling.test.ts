import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { oneSpelling } from "#contract/one-spelling.ts";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";

let db: TestDb;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

const without9 = "+541143215678";
const known = oneSpelling(without9);
const person = async (phone: string | null, more: { dnc?: boolean; optedOut?: boolean } = {}) => {
  const { rows } = await sql<{
    id: string;
  }>`insert into contacts (workspace_id, firstname, lastname, phone_number, phone_e164, sms_opted_out_at)
    values ('w', 'A', 'B', ${phone}, ${phone}, ${more.optedOut ? new Date() : null}) returning id`.execute(db.owner);
  return rows[0]?.id as string;
};

test("numbers of Argentina that were stored without the 9 are the same subscribers after the upgrade, and what their owner asked for holds", async () => {
  const folder = join(import.meta.dirname, "../../supabase/migrations");
  const file = readdirSync(folder).find((name) => name.endsWith("_one_spelling.sql")) as string;
  const [fill] = readFileSync(join(folder, file), "utf8").split("-- expand:") as [string];
  await sql`insert into workspaces (id, name) values ('w', 'W')`.execute(db.owner);
  const ids = [
    await person(without9),
    await person("+543514215678"),
    await person("+548001234567"),
    await person(known),
    await person("+14155552671"),
  ];
  const close = (address: string, reason: string) =>
    sql`insert into suppressions (workspace_id, channel, address, reason, source) values ('w', 'sms', ${address}, ${reason}, 'contact')`.execute(
      db.owner,
    );
  await close(without9, "stop");
  await close(known, "bounced_before");
  await close("+543514215678", "maybe_stop");
  await close("+5493514215678", "stop");
  await sql`insert into contact_consents (workspace_id, contact_id, channel, state, given_at, address)
    values ('w', ${ids[0]}::uuid, 'sms', 'opted_in', now(), ${without9})`.execute(db.owner);
  // What a later migration does where a number changes was not there yet.
  await sql`alter table contacts disable trigger contacts_move_refusals`.execute(db.owner);
  await sql.raw(fill).execute(db.owner);
  await sql`alter table contacts enable trigger contacts_move_refusals`.execute(db.owner);
  const { rows: numbers } = await sql<{ phone_e164: string }>`select phone_e164 from contacts where workspace_id = 'w' order by id`.execute(
    db.owner,
  );
  expect(numbers.map(({ phone_e164 }) => phone_e164)).toEqual([known, "+5493514215678", "+548001234567", known, "+14155552671"]);
  const { rows: closed } = await sql`select address, reason from suppressions where workspace_id = 'w' order by address`.execute(db.owner);
  expect(closed).toEqual([
    { address: known, reason: "stop" },
    { address: "+5493514215678", reason: "stop" },
  ]);
  expect((await sql`select address from contact_consents where workspace_id = 'w'`.execute(db.owner)).rows).toEqual([{ address: known }]);
});

test("what the number of an erased contact refused before the upgrade holds for the number as it is known now", async () => {
  await sql`insert into private.refused_addresses (workspace_id, channel, address_hash, opted_out_at, opt_out_source)
    values ('w', 'sms', private.address_hash('w', 'sms', '+541155556666'), now(), 'manual')`.execute(db.owner);
  const id = await person("+5491155556666");
  const { rows } = await sql`select sms_opted_out_at is not null as closed from contacts where id = ${id}::uuid`.execute(db.owner);
  expect(rows).toEqual([{ closed: true }]);
});
