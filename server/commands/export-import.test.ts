import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readPhone } from "#channels/sms/phone.ts";
import { isForbiddenName } from "#contract/paths.ts";
import { asMember, type Tx } from "#db/client.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { importColumnsOf } from "#test/import-columns.ts";
import { exportContacts } from "./export-contacts.ts";
import { importContacts } from "./import-contacts.ts";

const userId = randomUUID();
let db: TestDb;

beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

const as =
  (write: boolean) =>
  <T>(fn: (tx: Tx) => Promise<T>) =>
    asMember(db.api, { userId, write }, fn);

const piece = fc.oneof(
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }) },
  fc.constantFrom(
    "=1+1",
    "'=x",
    "''@y",
    "+43 664",
    "-5",
    "a ::: b",
    " x ",
    "\r\nz",
    "\rz",
    '"',
    ",",
    ";",
    "\t",
    "José",
    "Jose\u0301",
    "Unsubscribed",
    "sep=;",
    "001",
    "5",
    "true",
  ),
);
const text = fc
  .array(piece, { maxLength: 3 })
  .map((parts) => parts.join("").replaceAll("\0", "").toWellFormed())
  .filter((value) => value.length <= 40);
const optional = fc.option(
  text.filter((value) => value !== ""),
  { nil: null },
);
const moment = fc.option(fc.date({ min: new Date("2020-01-01"), max: new Date("2026-01-01"), noInvalidDate: true }), { nil: null });
const fieldName = fc
  .oneof(text, fc.constantFrom("email", "id", "metadata", "metadata.x", "DND", "Mobile", "Notes", "created_at", "=cmd", " spaced "))
  .filter((name) => name.length > 0 && !isForbiddenName(name) && !name.includes("\u{FFFD}"));
const custom = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.array(text, { maxLength: 3 }),
  fc.constant(null),
);
const number = fc.option(
  fc.constantFrom("(415) 555-2671", "+14155552671", "12", "no number", "'4155552671", "+43 664 1234567", "4155552671 ::: 2"),
  { nil: null },
);

const contact = fc
  .record({
    firstname: text,
    lastname: text,
    name: optional,
    email: fc.oneof(optional, fc.constantFrom("ann@example.com", "ANN@example.com", "mailto:x@y.zz", " a@b.cd")),
    phone_number: number,
    lead_status: optional,
    conversation_status: fc.constantFrom("New", "Open", null),
    time_zone: fc.constantFrom("Europe/Vienna", null),
    sms_opted_out_at: moment,
    email_opted_out_at: moment,
    dnc: fc.boolean(),
    metadata: fc.dictionary(fieldName, custom, { maxKeys: 4 }),
  })
  .map((values) => ({
    ...values,
    phone_e164: values.phone_number ? (readPhone(values.phone_number, "US")?.e164 ?? null) : null,
    opt_out_source: values.sms_opted_out_at || values.email_opted_out_at ? "manual" : null,
    metadata: JSON.stringify(values.metadata),
  }));

test("an export that is imported again changes nothing, whatever the contacts hold", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(contact, { minLength: 1, maxLength: 60 }), async (contacts) => {
      const workspaceId = randomUUID();
      await db.owner.insertInto("workspaces").values({ id: workspaceId, name: "Round" }).execute();
      await db.owner.insertInto("workspace_members").values({ workspace_id: workspaceId, user_id: userId, role: "editor" }).execute();
      await db.owner
        .insertInto("contacts")
        .values(contacts.map((values) => ({ workspace_id: workspaceId, ...values })))
        .execute();
      const all = () => db.owner.selectFrom("contacts").selectAll().where("workspace_id", "=", workspaceId).orderBy("id").execute();
      const before = await all();

      let csv = "";
      const order = { sort: "created_at", direction: "asc" } as const;
      for await (const chunk of exportContacts({
        workspaceId,
        selection: { type: "filter", filter: { tests: [] }, excluded: [] },
        order,
        read: as(false),
      }))
        csv += chunk;
      const file = new TextEncoder().encode(csv);
      // The import would ask about a status or a field that says "Unsubscribed"; nobody means it here.
      const columns = importColumnsOf(file).map((column) => ({ ...column, notConsent: true as const }));
      const settings = { importId: randomUUID(), columns };
      const outcome = await importContacts({ workspaceId, userId, settings, country: "US", file, inTransaction: as(true) });

      expect(outcome?.result).toMatchObject({ state: "done", created: 0, overwritten: 0 });
      expect(await all()).toEqual(before);
    }),
    { numRuns: 40 },
  );
});

test("lists and groups of values come back as such in another workspace, and a text that looks like one stays one", async () => {
  const [from, to] = [randomUUID(), randomUUID()];
  for (const id of [from, to]) {
    await db.owner.insertInto("workspaces").values({ id, name: "Moved" }).execute();
    await db.owner.insertInto("workspace_members").values({ workspace_id: id, user_id: userId, role: "editor" }).execute();
  }
  const metadata = { tags: ["vip", "gold, silver"], sizes: [1, 2], order: { id: 7 }, note: "[see below]", brace: "{x" };
  const values = { workspace_id: from, firstname: "Ann", lastname: "", email: "ann@example.com", metadata: JSON.stringify(metadata) };
  await db.owner.insertInto("contacts").values(values).execute();
  const selection = { type: "filter" as const, filter: { tests: [] }, excluded: [] };
  const order = { sort: "created_at", direction: "asc" } as const;
  let csv = "";
  for await (const chunk of exportContacts({ workspaceId: from, selection, order, read: as(false) })) csv += chunk;
  const file = new TextEncoder().encode(csv);
  const settings = { importId: randomUUID(), columns: importColumnsOf(file) };
  const outcome = await importContacts({ workspaceId: to, userId, settings, country: "US", file, inTransaction: as(true) });
  expect(outcome?.result).toMatchObject({ state: "done", created: 1 });
  const moved = await db.owner.selectFrom("contacts").select("metadata").where("workspace_id", "=", to).executeTakeFirstOrThrow();
  expect(moved.metadata).toEqual(metadata);
});
