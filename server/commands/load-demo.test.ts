import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPhone } from "#channels/sms/phone.ts";
import { isSendableEmail } from "#contract/email-address.ts";
import { readTimeZone } from "#contract/time-zones.ts";
import { asMember } from "#db/client.ts";
import { listContacts } from "#db/queries/contacts.ts";
import { validateFlow } from "#nodes/graph/validate-flow.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { demoContacts } from "../demo/contacts.ts";
import { demoFlows } from "../demo/flows.ts";
import { isReservedNumber } from "../demo/phone-numbers.ts";
import { demoContactCount, loadDemo } from "./load-demo.ts";

const userId = randomUUID();
let db: TestDb;
let workspaceId: string;

beforeAll(async () => {
  db = await createTestDb();
  ({ workspaceId } = await loadDemo({ ownerDb: db.owner, userId }));
});
afterAll(() => db.drop());

describe("the demo's people", () => {
  const people = demoContacts(demoContactCount);
  const share = (test: (contact: (typeof people)[number]) => boolean) => people.filter(test).length / people.length;

  test("no usable number belongs to anybody: all are reserved for fiction, each is used once", () => {
    const numbers = people.flatMap(({ phone_e164 }) => phone_e164 ?? []);
    expect(numbers.filter((number) => !isReservedNumber(number))).toEqual([]);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test("no address belongs to a stranger", () => {
    const addresses = people.flatMap(({ email }) => (isSendableEmail(email) ? [email] : []));
    expect(addresses.filter((address) => !/[@.]example\.(com|org|net)$/.test(address))).toEqual([]);
  });

  test("each number reads as it is stored, and the unusable ones do not", () => {
    const read = people.map(({ phone_number }) => readPhone(phone_number, "US")?.e164 ?? null);
    expect(people.filter(({ phone_e164 }, index) => phone_e164 !== read[index])).toEqual([]);
  });

  test("they are the same every time, and as varied as a real list", () => {
    expect(demoContacts(50)).toEqual(people.slice(0, 50));
    expect(share(({ phone_e164 }) => phone_e164 !== null)).toBeGreaterThan(0.8);
    expect(share(({ phone_number }) => phone_number === null)).toBeGreaterThan(0.05);
    expect(share(({ phone_number, phone_e164 }) => phone_number !== null && phone_e164 === null)).toBeGreaterThan(0.02);
    expect(share(({ email }) => email === null)).toBeGreaterThan(0.05);
    expect(share(({ email }) => email !== null && !isSendableEmail(email))).toBeGreaterThan(0.02);
    expect(share(({ sms_opted_out_ago }) => sms_opted_out_ago !== null)).toBeGreaterThan(0.01);
    expect(share(({ email_opted_out_ago }) => email_opted_out_ago !== null)).toBeGreaterThan(0.01);
    expect(share(({ dnc }) => dnc)).toBeGreaterThan(0.005);
    expect(share(({ created_ago }) => created_ago > 365 * 24 * 60)).toBeGreaterThan(0.2);
    const zones = [...new Set(people.flatMap(({ time_zone }) => time_zone ?? []))];
    expect(zones.length).toBeGreaterThan(30);
    expect(zones.filter((zone) => readTimeZone(zone) !== zone)).toEqual([]);
    const scripts = [
      "Latin",
      "Cyrillic",
      "Greek",
      "Arabic",
      "Hebrew",
      "Devanagari",
      "Han",
      "Hiragana",
      "Hangul",
      "Thai",
      "Georgian",
      "Ethiopic",
    ];
    const unseen = scripts.filter((script) => !people.some(({ firstname }) => new RegExp(`\\p{Script=${script}}`, "u").test(firstname)));
    expect(unseen).toEqual([]);
  });
});

describe("the demo's flows", () => {
  test("every one can be sent as it is, without even a warning", () => {
    for (const flow of demoFlows) expect(validateFlow(flow), flow.name).toEqual([]);
  });

  test("the Welcome Flow has the five steps of the drawing", () => {
    expect(demoFlows[0]?.name).toBe("Welcome Flow");
    expect(demoFlows[0]?.nodes.map(({ type }) => type)).toEqual(["start", "send_sms", "delay", "send_email", "end"]);
  });

  test("no message can fail for want of a value", () => {
    for (const field of JSON.stringify(demoFlows).match(/\{\{[^}]*\}\}/g) ?? []) expect(field).toContain("| default:");
  });
});

describe("loading the demo", () => {
  test("a person has one demo workspace, however often and however fast they ask", async () => {
    const other = randomUUID();
    const asked = await Promise.all([1, 2, 3].map(() => loadDemo({ ownerDb: db.owner, userId: other })));
    expect(new Set(asked.map((answer) => answer.workspaceId)).size).toBe(1);
    expect(await loadDemo({ ownerDb: db.owner, userId })).toEqual({ workspaceId });
  });

  test("its owner sees John Doe, Jane Smith and Bob Wilson on top of 10,000 contacts, and three flows in a folder", async () => {
    const { items } = await asMember(db.api, { userId, write: false }, (tx) =>
      listContacts(tx, { workspaceId, sort: "created_at", direction: "desc", limit: 3 }),
    );
    expect(items.map(({ displayName }) => displayName)).toEqual(["John Doe", "Jane Smith", "Bob Wilson"]);
    expect(items[0]).toMatchObject({ email: "john@example.com", phoneE164: "+12025550134" });
    const count = (table: "contacts" | "flows") =>
      db.owner
        .selectFrom(table)
        .select((select) => select.fn.countAll<number>().as("rows"))
        .where("workspace_id", "=", workspaceId)
        .executeTakeFirst();
    expect(await count("contacts")).toEqual({ rows: demoContactCount });
    expect(await count("flows")).toEqual({ rows: 3 });
    const unfiled = await db.owner
      .selectFrom("flows")
      .select("id")
      .where("workspace_id", "=", workspaceId)
      .where("folder_id", "is", null)
      .execute();
    expect(unfiled).toEqual([]);
  });
});
