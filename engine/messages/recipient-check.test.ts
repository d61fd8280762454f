import { sql } from "kysely";
import { expect, test } from "vitest";
import { channels } from "#contract/messages.ts";
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
];
const wishes: ContactValues[] = [{}, { dnc: true }, { sms_opted_out_at: new Date() }, { email_opted_out_at: new Date() }];

test("the check of a recipient says the same in SQL, where a send is counted, and in memory, where it is sent", async () => {
  for (const email of emails)
    for (const phone of phones) for (const wish of wishes) await buildContact(db.owner, workspaceId, { email, ...phone, ...wish });
  await sql`insert into suppressions (workspace_id, channel, address, reason) values
    (${workspaceId}, 'email', 'ada@example.test', 'bounced_before'), (${workspaceId}, 'sms', '+15550100100', 'please never again')`.execute(
    db.owner,
  );
  for (const suppressed of [true, false]) {
    if (!suppressed) await sql`delete from suppressions`.execute(db.owner);
    for (const channel of channels) {
      const { rows } = await sql<ContactRow & { refusal: string | null }>`
        select ${contactColumns}, ${refusalSql[channel]} as refusal from contacts c where c.workspace_id = ${workspaceId}`.execute(
        db.owner,
      );
      expect(rows.length).toBe(emails.length * phones.length * wishes.length);
      const differing = rows.flatMap((row) => {
        const inMemory = checkRecipient(toContact(row), channel).refusal ?? null;
        const inSql = row.refusal === null ? null : toReason(row.refusal);
        return inMemory === inSql ? [] : [{ channel, email: row.email, phone: row.phone_number, inMemory, inSql }];
      });
      expect(differing).toEqual([]);
    }
  }
}, 30_000);
