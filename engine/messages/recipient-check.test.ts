import { sql } from "kysely";
import { expect, test } from "vitest";
import { channels } from "#contract/messages.ts";
import { readSmsCountries } from "#db/queries/sms-countries.ts";
import { db, setUpWorkspace, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, type ContactValues } from "#test/factories.ts";
import { type ContactRow, contactColumns, toContact } from "../execution/contact-rows.ts";
import { checkRecipient, toReason } from "./recipient-check.ts";
import { refusalSql } from "./recipient-check-rows.ts";

setUpWorkspace();

const emails = [
  null,
  "",
  " ",
  "\t",
  "\u00a0",
  "ada@example.test",
  " ada@example.test ",
  "\tada@example.test",
  "\u00a0ada@example.test",
  "ada@",
  "ADA@Example.test",
  "ada@example.test\n",
];
const phones: Pick<ContactValues, "phone_number" | "phone_e164">[] = [
  { phone_number: null, phone_e164: null },
  { phone_number: "", phone_e164: null },
  { phone_number: "\t", phone_e164: null },
  { phone_number: "\u00a0", phone_e164: null },
  { phone_number: "12", phone_e164: null },
  { phone_number: "+1 555 0100", phone_e164: "+15550100100" },
  { phone_number: "0650 1234567", phone_e164: "+436501234567" },
  { phone_number: "+1 242 359 1234", phone_e164: "+12423591234" },
  { phone_number: "+44 7797 712345", phone_e164: "+447797712345" },
  { phone_number: "+800 1234 5678", phone_e164: "+80012345678" },
];
const wishes: ContactValues[] = [
  {},
  { dnc: true },
  { sms_opted_out_at: new Date() },
  { email_opted_out_at: new Date() },
  { lead_status: "before" },
];

test("the check of a recipient says the same in SQL, where a send is counted, and in memory, where it is sent", async () => {
  for (const email of emails)
    for (const phone of phones) for (const wish of wishes) await buildContact(db.owner, workspaceId, { email, ...phone, ...wish });
  // These asked for it under an address that they had before.
  await sql`update contacts set sms_refused_as = 'stop', email_refused_as = 'maybe_stop' where lead_status = 'before'`.execute(db.owner);
  await sql`insert into suppressions (workspace_id, channel, address, reason) values
    (${workspaceId}, 'email', 'ada@example.test', 'bounced_before'), (${workspaceId}, 'sms', '+436501234567', 'stop'), (${workspaceId}, 'sms', '+15550100100', 'please never again')`.execute(
    db.owner,
  );
  // Its own country; none at all; two that share a calling code with others.
  const lists = [null, [], ["AT", "BS"], ["GB"], ["JE", "US"]];
  for (const [suppressed, countries] of [true, false].flatMap((suppressed) => lists.map((list) => [suppressed, list] as const))) {
    if (!suppressed) await sql`delete from suppressions`.execute(db.owner);
    await sql`update workspaces set sms_countries = ${countries}::text[] where id = ${workspaceId}`.execute(db.owner);
    const smsCountries = await readSmsCountries(db.owner, workspaceId);
    expect([...smsCountries]).toEqual(countries ?? ["US"]);
    for (const channel of channels) {
      const { rows } = await sql<ContactRow & { refusal: string | null }>`
        select ${contactColumns}, ${refusalSql[channel]} as refusal from contacts c where c.workspace_id = ${workspaceId}`.execute(
        db.owner,
      );
      expect(rows.length).toBe(emails.length * phones.length * wishes.length);
      const differing = rows.flatMap((row) => {
        const inMemory = checkRecipient(toContact(row), { channel, kind: "marketing" }, smsCountries).refusal ?? null;
        const inSql = row.refusal === null ? null : toReason(row.refusal, channel);
        return inMemory === inSql ? [] : [{ channel, email: row.email, phone: row.phone_number, inMemory, inSql }];
      });
      expect(differing).toEqual([]);
    }
  }
});
