import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import pLimit from "p-limit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { inboundPath } from "#contract/providers.ts";
import { deleteExpiredRows } from "#db/queries/expired-rows.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { startTestEngine } from "#test/engine.ts";
import { type FakeMessage, type FakeTwilio, newSid, startFakeTwilio } from "#test/fake-twilio.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let admin: Client;
let fake: FakeTwilio;
const ourNumber = "+15550001111";
/** Milliseconds by which the clock of what was read runs ahead. */
let ahead = 0;

beforeAll(async () => {
  fake = await startFakeTwilio();
  app = await startTestApp({ env: { PROVIDER_URLS: `twilio=${fake.url}` }, ownAddress: true, elapsed: () => performance.now() + ahead });
  admin = await app.ours.as("admin");
  await admin.put("/api/providers/sms", {
    provider: "twilio",
    settings: { accountSid: fake.accountSid, senders: [ourNumber] },
    authToken: fake.authToken,
  });
});
afterAll(async () => {
  await app.stop();
  await fake.stop();
});
beforeEach(async () => {
  await app.db.owner.deleteFrom("private.channel_gates").execute();
  await app.db.owner.deleteFrom("suppressions").execute();
});

let last = 100;
/** Sends one message to a number of its own. */
async function sendOne(): Promise<{ id: string; message: FakeMessage; to: string }> {
  last += 1;
  const to = `+1415555${String(last).padStart(4, "0")}`;
  const { body } = await admin.post("/api/providers/sms/test", { to });
  return { id: body.messageId, message: fake.messages.at(-1) as FakeMessage, to };
}
const stateOf = (id: string) => app.db.owner.selectFrom("messages").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const acted = () => app.resources.engine.inboundIdle();
const reports = async () =>
  (
    await sql<{ open: number; all: number }>`
  select count(*)::int as all, count(*) filter (where handled_at is null)::int as open from private.delivery_reports`.execute(app.db.owner)
  ).rows[0];
const ourPath = () => inboundPath(app.ours.workspaceId, "sms");

describe("a report on a message", () => {
  test("is answered at once with 204, and moves the message on to delivered", async () => {
    const { id, message } = await sendOne();
    for (const status of ["queued", "sending", "sent"]) {
      expect(await fake.report(message, status)).toEqual([204]);
      await acted();
      expect(await stateOf(id)).toMatchObject({ status: "sent", delivered_at: null });
    }
    await fake.report(message, "delivered");
    await acted();
    expect(await stateOf(id)).toMatchObject({ status: "delivered", delivered_at: expect.any(Date), provider_message_id: message.sid });
  });

  test("never moves it back, whatever comes late, twice or in another order", async () => {
    const { id, message } = await sendOne();
    for (const status of ["delivered", "sent", "queued", "delivered", "undelivered", "sending"])
      await fake.report(message, status, { times: 2, code: 30003 });
    await acted();
    const first = await stateOf(id);
    expect(first).toMatchObject({ status: "delivered", reason: null, error_message: null });
    await fake.report(message, "failed", { code: 30008 });
    await acted();
    expect(await stateOf(id)).toEqual(first);
  });

  test("that comes ten times at the same moment is stored once and acted on once", async () => {
    const { id, message } = await sendOne();
    const before = await reports();
    await Promise.all(Array.from({ length: 10 }, () => fake.report(message, "undelivered", { code: 30005 })));
    await acted();
    expect((await reports())?.all).toBe((before?.all ?? 0) + 1);
    expect(await stateOf(id)).toMatchObject({
      status: "undelivered",
      reason: "unknown_number",
      error_message: expect.stringContaining("30005"),
    });
  });

  test("may come before the answer to the request that made the message", async () => {
    fake.behave({
      answer: () => ({ kind: "accept", afterMs: 300 }),
      course: () => ({ statuses: ["queued", "sent", "delivered"], everyMs: 10 }),
    });
    const { id, message } = await sendOne();
    await fake.idle();
    await acted();
    fake.behave({ answer: undefined, course: undefined });
    expect(await stateOf(id)).toMatchObject({ status: "delivered", provider_message_id: message.sid, reason: null });
  });

  test("of which nobody knew whether it had left settles that it had", async () => {
    fake.behave({ answer: () => ({ kind: "500", taken: true }) });
    const { status, body } = await admin.post("/api/providers/sms/test", { to: "+14155559999" });
    fake.behave({ answer: undefined });
    expect([status, body.code]).toEqual([502, "provider_unavailable"]);
    const message = fake.messages.at(-1) as FakeMessage;
    const id = new URL(message.statusCallback as string).searchParams.get("message") as string;
    expect(await stateOf(id)).toMatchObject({ status: "unknown", provider_message_id: null, doubt_at: expect.any(Date) });
    await fake.report(message, "queued");
    await acted();
    expect(await stateOf(id)).toMatchObject({ status: "sent", reason: null, error_message: null, provider_message_id: message.sid });
  });

  test("without our id in its address is matched by the provider's", async () => {
    const { id, message } = await sendOne();
    message.statusCallback = `${app.url}${ourPath()}`;
    await fake.report(message, "delivered");
    await acted();
    expect(await stateOf(id)).toMatchObject({ status: "delivered" });
  });

  test("about nothing of ours, or with a status that nobody knows, is kept and changes nothing", async () => {
    const { id, message } = await sendOne();
    const stranger = { ...message, sid: newSid("SM"), statusCallback: `${app.url}${ourPath()}?message=${randomUUID()}` };
    expect(await fake.report(stranger, "delivered")).toEqual([204]);
    expect(await fake.report(message, "teleported")).toEqual([204]);
    await acted();
    expect(await stateOf(id)).toMatchObject({ status: "sent" });
    expect((await reports())?.open).toBe(0);
  });

  test("stays open when acting on it fails, and a worker acts on it later", async () => {
    const { id, message } = await sendOne();
    await sql`alter table messages add constraint broken check (delivered_at is null) not valid`.execute(app.db.owner);
    expect(await fake.report(message, "delivered"), "storing depends on nothing behind it").toEqual([204]);
    await acted();
    expect([(await stateOf(id)).status, (await reports())?.open]).toEqual(["sent", 1]);
    await sql`alter table messages drop constraint broken`.execute(app.db.owner);
    await sql`update private.delivery_reports set received_at = received_at - interval '10 seconds' where handled_at is null`.execute(
      app.db.owner,
    );
    // Another worker begins, as after the end of the one that stored it.
    const worker = await startTestEngine(app.db.owner);
    await worker.engine.stop();
    expect([(await stateOf(id)).status, (await reports())?.open]).toEqual(["delivered", 0]);
  });
});

describe("a report that a message was not delivered", () => {
  const closed = async () =>
    await app.db.owner
      .selectFrom("suppressions")
      .select(["address", "reason", "source"])
      .where("workspace_id", "=", app.ours.workspaceId)
      .execute();

  test.each([
    [30003, "phone_unreachable"],
    [30007, "carrier_blocked"],
    [30036, "too_late"],
    [12345, "not_delivered"],
  ])("with the error %i tells why (%s) and closes nothing", async (code, reason) => {
    const { id, message } = await sendOne();
    await fake.report(message, "undelivered", { code });
    await acted();
    expect(await stateOf(id)).toMatchObject({ status: "undelivered", reason, error_message: expect.stringContaining(String(code)) });
    expect(await closed()).toEqual([]);
  });

  test("because the person has refused closes the number, whoever has it", async () => {
    const { message, to } = await sendOne();
    await fake.report(message, "failed", { code: 21610, times: 3 });
    await acted();
    expect(await closed()).toEqual([{ address: to, reason: "stop", source: "provider" }]);
  });

  test("because carriers refuse the sender pauses the channel, and tells the owner what to do", async () => {
    const { message } = await sendOne();
    await fake.report(message, "undelivered", { code: 30034 });
    await acted();
    const gate = await app.db.owner.selectFrom("private.channel_gates").selectAll().executeTakeFirstOrThrow();
    expect(gate).toMatchObject({
      channel: "sms",
      trouble_reason: "sender_not_registered",
      trouble_text: expect.stringContaining("An owner must register the sender at Twilio"),
    });
    expect(gate.closed_until?.getTime()).toBeGreaterThan(Date.now() + 500_000);

    // Twilio's calls carry no time. A stranger who kept one may repeat it when the list of those that came has been tidied up.
    await app.db.owner.deleteFrom("private.channel_gates").execute();
    await sql`delete from private.delivery_reports`.execute(app.db.owner);
    await fake.report(message, "undelivered", { code: 30034 });
    await acted();
    expect(await app.db.owner.selectFrom("private.channel_gates").selectAll().execute()).toEqual([]);
  });
});

describe("a call is refused", () => {
  const params = () => ({ AccountSid: fake.accountSid, MessageSid: newSid("SM"), MessageStatus: "delivered" });
  const url = (path = ourPath()) => `${app.url}${path}`;

  test.each<[string, () => Promise<Response>, number, string]>([
    ["unsigned", () => fetch(url(), { method: "POST", body: new URLSearchParams(params()) }), 401, "unauthenticated"],
    ["signed with another token", () => fake.call(url(), params(), { token: "0".repeat(32) }), 401, "unauthenticated"],
    ["signed for another address", () => fake.call(url(), params(), { signedUrl: "https://elsewhere.example/" }), 401, "unauthenticated"],
    ["to another workspace", () => fake.call(url(inboundPath(app.theirs.workspaceId, "sms")), params()), 401, "unauthenticated"],
    ["to another channel", () => fake.call(url(inboundPath(app.ours.workspaceId, "email")), params()), 401, "unauthenticated"],
    ["of another account", () => fake.call(url(), { ...params(), AccountSid: newSid("AC") }), 403, "call_not_ours"],
    ["about a phone call", () => fake.call(url(), { AccountSid: fake.accountSid, CallSid: newSid("CA") }), 403, "call_not_ours"],
    ["with a body of 5 MB", () => fake.call(url(), { ...params(), Body: "x".repeat(5 * 1024 * 1024) }), 413, "body_too_large"],
  ])("%s", async (_what, call, status, code) => {
    const before = await reports();
    const answer = await call();
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
    expect(await reports()).toEqual(before);
  });
});

test("nine hundred reports, fifty at a time, are all stored and acted on, each once", async () => {
  const { id, message } = await sendOne();
  const strangers = Array.from({ length: 300 }, () => ({
    ...message,
    sid: newSid("SM"),
    statusCallback: `${app.url}${ourPath()}?message=${randomUUID()}`,
  }));
  const before = (await reports())?.all ?? 0;
  const calls = [...strangers, message].flatMap((one) => ["queued", "sent", "delivered"].map((status) => () => fake.report(one, status)));
  const answers = await pLimit(50).map(calls, (call) => call());
  expect(new Set(answers.flat())).toEqual(new Set([204]));
  await acted();
  expect(await reports()).toEqual({ all: before + 903, open: 0 });
  expect((await stateOf(id)).status).toBe("delivered");
});

describe("what people write", () => {
  const from = "+14155550777";
  const write = (body: string, sid?: string) => fake.receive(`${app.url}${ourPath()}`, { from, to: ourNumber, body, sid });
  const closed = async () => await app.db.owner.selectFrom("suppressions").select(["address", "reason", "source"]).execute();
  const kept = () => app.db.owner.selectFrom("inbound_messages").selectAll().where("from_address", "=", from).orderBy("id").execute();

  test("is answered with no instructions, kept once however often it comes, and belongs to the contact of the number", async () => {
    const { id } = await app.db.owner
      .insertInto("contacts")
      .values({ workspace_id: app.ours.workspaceId, firstname: "Ana", lastname: "Lopes", phone_number: from, phone_e164: from })
      .returning("id")
      .executeTakeFirstOrThrow();
    const { status, body, sid } = await write("See you at 9 👋");
    expect([status, body]).toEqual([200, "<Response/>"]);
    await write("See you at 9 👋", sid);
    await acted();
    expect(await kept()).toMatchObject([
      { body: "See you at 9 👋", to_address: ourNumber, word: null, contact_id: id, handled_at: expect.any(Date) },
    ]);
    expect(await closed()).toEqual([]);
  });

  test("STOP closes the number in that workspace at once, START opens it, and nothing else does", async () => {
    await write("Stop please");
    await acted();
    expect(await closed()).toEqual([{ address: from, reason: "stop", source: "contact" }]);
    for (const text of ["yes", "HELP", "cancel my 3pm appointment tomorrow"]) await write(text);
    await acted();
    expect(await closed()).toHaveLength(1);
    await write("START");
    await acted();
    expect(await closed()).toEqual([]);
    expect((await kept()).map(({ word }) => word)).toEqual([null, "stop", "maybe_start", "help", "maybe_stop", "start"]);
  });

  test("HELP is left to Twilio unless the channel says otherwise; then it is answered once, however often and at once it comes", async () => {
    const answersHelp = async (by: "twilio" | "sluice") => {
      const settings = { accountSid: fake.accountSid, senders: [ourNumber], answersHelp: by };
      expect((await admin.put("/api/providers/sms?check=no", { provider: "twilio", settings })).status).toBe(200);
      ahead += 1_100;
    };
    const before = fake.messages.length;
    const help = (person: string, sid?: string) =>
      fake.receive(`${app.url}${ourPath()}`, { from: person, to: ourNumber, body: "HELP", sid });
    await help("+14155550881");
    await acted();
    expect(fake.messages).toHaveLength(before);
    await answersHelp("sluice");
    const [person, sid] = ["+14155550882", newSid("SM")];
    await Promise.all([help(person, sid), help(person, sid), help(person, sid), help(person)]);
    await help(person, sid);
    await acted();
    expect(fake.messages.slice(before)).toMatchObject([
      { to: person, from: ourNumber, body: expect.stringMatching(/answer this message .*STOP/) },
    ]);
    const answer = fake.messages.at(-1) as FakeMessage;
    await fake.report(answer, "delivered");
    await acted();
    const id = new URL(answer.statusCallback as string).searchParams.get("message") as string;
    expect(await stateOf(id)).toMatchObject({ status: "delivered", kind: "transactional", contact_id: null, to_address: person });
    await answersHelp("twilio");
  });

  test("never takes away what was closed for another reason", async () => {
    await app.db.owner
      .insertInto("suppressions")
      .values({ workspace_id: app.ours.workspaceId, channel: "sms", address: from, reason: "dnc", source: "person" })
      .execute();
    for (const text of ["STOP", "START"]) await write(text);
    await acted();
    expect(await closed()).toEqual([{ address: from, reason: "dnc", source: "person" }]);
  });
});

describe("the address that a provider calls", () => {
  const address = async (who: Client) => (await who.get("/api/providers/sms/inbound")).body;

  test("is shown to admins alone, with the last call whose signature was right", async () => {
    expect((await (await app.ours.as("editor")).get("/api/providers/sms/inbound")).status).toBe(403);
    const { message } = await sendOne();
    await fake.report(message, "sent");
    expect(await address(admin)).toEqual({
      url: `${app.url}${ourPath()}`,
      isReachable: true,
      arrivals: [{ provider: "twilio", lastAt: expect.any(String) }],
    });
    // A call that is not signed, and one for another workspace, count for nobody.
    const theirs = inboundPath(app.theirs.workspaceId, "sms");
    await fetch(`${app.url}${theirs}`, { method: "POST", body: new URLSearchParams({ AccountSid: fake.accountSid }) });
    await fake.call(`${app.url}${theirs}`, { AccountSid: fake.accountSid, MessageSid: newSid("SM"), MessageStatus: "sent" });
    expect(await address(await app.theirs.as("owner"))).toEqual({ url: `${app.url}${theirs}`, isReachable: true, arrivals: [] });
  });
});

describe("after the channel has changed to another account", () => {
  const from = "+14155550661";
  const stop = (to: FakeTwilio) => to.receive(`${app.url}${ourPath()}`, { from, to: ourNumber, body: "STOP" });
  const isClosed = async () =>
    (await app.db.owner.selectFrom("suppressions").selectAll().where("address", "=", from).execute()).length === 1;
  const use = async (body: object) => expect((await admin.put("/api/providers/sms?check=no", body)).status).toBe(200);
  const account = ({ accountSid, authToken }: FakeTwilio) => ({
    provider: "twilio",
    settings: { accountSid, senders: [ourNumber] },
    authToken,
  });
  /** What was read of the settings is fresh for a second. */
  const forgetSettings = () => {
    ahead += 1_100;
  };
  let other: FakeTwilio;
  beforeAll(async () => {
    other = await startFakeTwilio();
  });
  afterAll(async () => {
    await use(account(fake));
    await other.stop();
  });
  beforeEach(async () => {
    await app.db.owner.deleteFrom("suppressions").where("address", "=", from).execute();
  });

  test("a late STOP and a late report of the old one are taken for thirty days, and refused afterwards", async () => {
    const { id, message } = await sendOne();
    await use(account(other));
    forgetSettings();
    expect((await stop(fake)).status).toBe(200);
    expect(await isClosed()).toBe(true);
    expect(await fake.report(message, "delivered")).toEqual([204]);
    await acted();
    expect((await stateOf(id)).status).toBe("delivered");
    expect((await stop(other)).status, "the new one is heard too").toBe(200);

    await sql`update private.former_providers set ended_at = now() - interval '30 days'`.execute(app.db.owner);
    await app.db.owner.deleteFrom("suppressions").where("address", "=", from).execute();
    forgetSettings();
    expect((await stop(fake)).status).toBe(401);
    expect(await isClosed()).toBe(false);
    await deleteExpiredRows(app.db.owner);
    expect((await sql`select from private.former_providers`.execute(app.db.owner)).rows).toEqual([]);
  });

  test("also where nothing leaves any more, and never with a token that was changed for the same account", async () => {
    await use(account(fake));
    await use({ ...account(fake), authToken: "f".repeat(32) });
    forgetSettings();
    expect((await stop(fake)).status, "a token that is changed may be known to others").toBe(401);
    await use(account(fake));
    await use({ provider: "capture" });
    forgetSettings();
    expect((await stop(fake)).status).toBe(200);
    expect(await isClosed()).toBe(true);
  });
});
