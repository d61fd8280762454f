import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { messageKinds } from "#contract/message-kinds.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";

setUpEngine();
const number = "+14155550100";
const aDay = 86_400_000;

let written = 0;
async function write(text: string, channel: "sms" | "email" = "sms", provider = "fake") {
  written += 1;
  const [from, to] = channel === "sms" ? [number, "+15550001111"] : ["ann@example.org", "hello@salon.example"];
  const message = { kind: "received", providerMessageId: `in-${written}`, from, to, text, files: 0 } as const;
  await sluice.engine.takeInbound({ workspaceId, channel, provider, events: [message] });
  await sluice.engine.inboundIdle();
}
const person = () => buildContact(db.owner, workspaceId, { phone_e164: number, email: "ann@example.org" });
const closed = async () => {
  const { rows } = await sql<{ reason: string; source: string; days: number | null }>`
    select reason, source, extract(epoch from decide_by - created_at)::float8 / 86400 as days
    from suppressions where workspace_id = ${workspaceId}`.execute(db.owner);
  return rows;
};
const notices = () =>
  db.owner.selectFrom("notices").select(["detail", "contact_id"]).where("workspace_id", "=", workspaceId).orderBy("id").execute();
/** As if it had been written at this moment of a working day or another. */
const writtenAt = (at: string) =>
  sql`update suppressions set created_at = ${at}::timestamptz, decide_by = private.two_working_days_after(workspace_id, ${at}::timestamptz)
    where workspace_id = ${workspaceId}`.execute(db.owner);
const pass = async (days: number) => {
  sluice.driver.clock.forward(days * aDay);
  await sluice.lookAfter();
};
const sentKinds = async (contactId: string) => {
  const before = sluice.providers.sms.calls.length;
  for (const kind of messageKinds) {
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Hello", { kind }), node("end")));
    await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  }
  await sluice.run();
  return sluice.providers.sms.calls
    .slice(before)
    .map(({ kind }) => kind)
    .sort();
};

test("what may mean STOP counts as STOP after two working days without a decision: then nothing leaves, and it is told", async () => {
  const contactId = await person();
  await write("Please don't text me at work");
  await pass(1.9);
  expect(await closed()).toMatchObject([{ reason: "maybe_stop", source: "contact" }]);
  expect(await sentKinds(contactId)).toEqual(["conversational", "transactional"]);
  await pass(3);
  expect(await closed()).toEqual([{ reason: "stop", source: "undecided", days: null }]);
  expect(await notices()).toEqual([
    { detail: null, contact_id: contactId },
    { detail: "undecided", contact_id: contactId },
  ]);
  expect(await sentKinds(contactId)).toEqual([]);
  await pass(1);
  expect(await notices()).toHaveLength(2);
});

test("it counts so for the number that the contact has by then, too", async () => {
  const contactId = await person();
  await write("Please don't text me at work");
  await db.owner
    .updateTable("contacts")
    .set({ phone_number: "+14155550177", phone_e164: "+14155550177" })
    .where("id", "=", contactId)
    .execute();
  expect(await sentKinds(contactId)).toEqual(["conversational", "transactional"]);
  await pass(5);
  expect(await sentKinds(contactId)).toEqual([]);
  expect(await notices()).toEqual([
    { detail: null, contact_id: contactId },
    { detail: "undecided", contact_id: contactId },
  ]);
  const { rows } = await sql`select state, source, address from contact_consents where contact_id = ${contactId}::uuid`.execute(db.owner);
  expect(rows).toEqual([{ state: "opted_out", source: "moved", address: number }]);
});

describe("the two working days", () => {
  test.each([
    ["a Monday", "2026-11-30T10:00:00Z", 2],
    ["a Wednesday", "2026-12-02T10:00:00Z", 2],
    ["a Thursday, over the weekend", "2026-12-03T10:00:00Z", 4],
    ["a Friday", "2026-12-04T10:00:00Z", 4],
    ["a Saturday", "2026-12-05T10:00:00Z", 4],
    ["a Sunday", "2026-12-06T10:00:00Z", 3],
    ["a Sunday evening in the west, which is a Monday in UTC", "2026-12-07T02:00:00Z", 3, "America/Los_Angeles"],
    ["a Thursday before the clocks go back, to the same hour", "2026-10-29T10:00:00Z", 4 + 1 / 24, "America/New_York"],
  ])("of %s", async (_day, at, days, zone = "UTC") => {
    await db.owner.updateTable("workspaces").set({ time_zone: zone }).where("id", "=", workspaceId).execute();
    await person();
    await write("you must stop");
    await writtenAt(at);
    expect((await closed())[0]?.days).toBeCloseTo(days, 6);
  });

  test("begin with the first of several such messages", async () => {
    await person();
    await write("you must stop");
    await writtenAt("2026-01-05T10:00:00Z");
    const before = await closed();
    await write("I said you must stop");
    expect(await closed()).toEqual(before);
    await pass(0);
    expect(await closed()).toMatchObject([{ source: "undecided" }]);
  });

  test("are none for what was tried out in test mode", async () => {
    await person();
    await write("you must stop", "sms", "capture");
    expect(await closed()).toEqual([{ reason: "maybe_stop", source: "trial", days: null }]);
  });
});

test("an e-mail counts as an unsubscription, which closes the address for marketing alone", async () => {
  await person();
  await write("Hello,\n\nplease take me off your list and never write again.", "email");
  await pass(5);
  expect(await closed()).toEqual([{ reason: "unsubscribe", source: "undecided", days: null }]);
});

test.each([
  ["opts the contact out", { sms_opted_out_at: new Date() }],
  ["marks the contact do-not-contact", { dnc: true }],
])("who %s has decided, and nothing is counted afterwards", async (_what, values) => {
  const contactId = await person();
  await write("you must stop");
  await db.owner.updateTable("contacts").set(values).where("id", "=", contactId).execute();
  expect(await closed()).toEqual([{ reason: "stop", source: "decided", days: null }]);
  await pass(5);
  expect(await notices()).toHaveLength(1);
});

test("a STOP of their own words replaces what was only counted, and START takes back what was", async () => {
  await person();
  await write("you must stop");
  await pass(5);
  await write("STOP");
  expect(await closed()).toMatchObject([{ reason: "stop", source: "contact" }]);
  await write("START");
  await write("you must stop");
  await pass(10);
  expect(await closed()).toMatchObject([{ source: "undecided" }]);
  await write("START");
  expect(await closed()).toEqual([]);
});
