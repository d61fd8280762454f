import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { inboundPath } from "#contract/providers.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { sendTo } from "#test/engine.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { type FakeMailApi, newSendgridKeys, signedBySendgrid, startFakeSendgrid } from "#test/fake-mail-api.ts";
import { chain, email, node } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let admin: Client;
let fake: FakeMailApi;
const keys = newSendgridKeys();

beforeAll(async () => {
  fake = await startFakeSendgrid();
  app = await startTestApp({ env: { PROVIDER_URLS: `sendgrid=${fake.url}` }, ownAddress: true });
  admin = await app.ours.as("admin");
  const settings = { fromAddress: "hello@salon.example", fromName: "Salon", verificationKey: keys.verificationKey };
  const { status, body } = await admin.put("/api/providers/email", { provider: "sendgrid", settings, apiKey: fake.apiKey });
  if (status !== 200) throw new Error(JSON.stringify(body));
});
afterAll(async () => {
  await app.stop();
  await fake.stop();
});
beforeEach(async () => {
  await app.db.owner.deleteFrom("suppressions").execute();
});

/** One message to a person of its own, as it stands at SendGrid. */
async function sendOne(contactId?: string) {
  const address = `p-${randomUUID()}@example.com`;
  const id = contactId ?? (await buildContact(app.db.owner, app.ours.workspaceId, { email: address }));
  const graph = chain(node("start", { reEntry: { rule: "any_time" } }), email("Hi", { text: "Hello" }), node("end"));
  await app.resources.engine.createSend(sendTo(app.ours.workspaceId, await buildFlow(app.db.owner, app.ours.workspaceId, graph), [id]));
  await app.driver.runUntilIdle();
  const mail = fake.taken.at(-1);
  if (!mail) throw new Error("Nothing arrived at the fake.");
  return { contactId: id, address: mail.to, mail, messageId: mail.body.personalizations[0].custom_args.sluice_message as string };
}
type Sent = Awaited<ReturnType<typeof sendOne>>;
const event = ({ mail, messageId }: Sent, name: string, more = {}) => ({
  ...{ email: mail.to, timestamp: 1, event: name, sg_event_id: randomUUID(), sg_message_id: `${mail.id}.recvd-1` },
  ...{ sluice_message: messageId, ...more },
});
async function tell(events: unknown[], privateKey = keys.privateKey, workspaceId = app.ours.workspaceId): Promise<number> {
  const { headers, body } = signedBySendgrid(events, { privateKey });
  const path = `${app.url}${inboundPath(workspaceId, "email")}`;
  const answer = await fetch(path, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: new Uint8Array(body),
  });
  await app.resources.engine.inboundIdle();
  return answer.status;
}
const stateOf = async ({ messageId }: Sent) =>
  app.db.owner.selectFrom("messages").select(["status", "reason"]).where("id", "=", messageId).executeTakeFirstOrThrow();
const closed = async () => app.db.owner.selectFrom("suppressions").select(["address", "reason", "source"]).execute();

test("a call that somebody else signed, or that is for another workspace, does nothing", async () => {
  const sent = await sendOne();
  expect(await tell([event(sent, "spamreport")], newSendgridKeys().privateKey)).toBe(401);
  expect(await tell([event(sent, "spamreport")], keys.privateKey, app.theirs.workspaceId)).toBe(401);
  expect(await closed()).toEqual([]);
});

test("reports in any order, one of them twice, end in what is final, and a batch holds those of many messages", async () => {
  const [one, other] = [await sendOne(), await sendOne()];
  expect(await tell([event(one, "delivered"), event(other, "processed"), event(one, "processed"), event(one, "delivered")])).toBe(204);
  expect(await tell([event(one, "deferred"), event(other, "open")])).toBe(204);
  expect([await stateOf(one), await stateOf(other)]).toMatchObject([{ status: "delivered" }, { status: "sent" }]);
});

describe("a bounce", () => {
  test("of a mailbox that does not exist closes the address at once, also where the message counted as delivered", async () => {
    const sent = await sendOne();
    await tell([event(sent, "delivered")]);
    await tell([event(sent, "bounce", { type: "bounce", reason: "550 5.1.1 unknown user", status: "5.1.1" })]);
    expect(await stateOf(sent)).toMatchObject({ status: "delivered" });
    expect(await closed()).toEqual([{ address: sent.address, reason: "bounced_before", source: "provider" }]);
  });

  test("that may pass closes it after the third", async () => {
    const first = await sendOne();
    await tell([event(first, "bounce", { type: "blocked", reason: "452 mailbox full" })]);
    for (let n = 2; n <= 3; n += 1) {
      expect(await closed()).toEqual([]);
      const next = await sendOne(first.contactId);
      await tell([event(next, "bounce", { type: "blocked", reason: "452 mailbox full" })]);
    }
    expect(await stateOf(first)).toMatchObject({ status: "undelivered", reason: "mailbox_unavailable" });
    expect(await closed()).toMatchObject([{ address: first.address, reason: "bounced_before" }]);
  });
});

describe("a complaint", () => {
  test("closes the address for marketing, is written into the consent once, and leaves the message delivered", async () => {
    const sent = await sendOne();
    const complaint = event(sent, "spamreport");
    await tell([event(sent, "delivered"), complaint]);
    await tell([complaint]);
    expect(await stateOf(sent)).toMatchObject({ status: "delivered", reason: null });
    expect(await closed()).toEqual([{ address: sent.address, reason: "complaint", source: "contact" }]);
    const consents = await app.db.owner
      .selectFrom("contact_consents")
      .select(["channel", "state", "source"])
      .where("contact_id", "=", sent.contactId)
      .execute();
    expect(consents).toEqual([{ channel: "email", state: "opted_out", source: "complaint" }]);
    const before = fake.taken.length;
    await sendOne(sent.contactId);
    expect(fake.taken.length).toBe(before);
  });

  test("outweighs a click on the link, and a click afterwards does not weaken it", async () => {
    const sent = await sendOne();
    const path = new URL(sent.mail.body.headers["List-Unsubscribe"].slice(1, -1)).pathname;
    await fetch(`${app.url}${path}`, { method: "POST" });
    expect(await closed()).toMatchObject([{ reason: "unsubscribe" }]);
    await tell([event(sent, "spamreport")]);
    await fetch(`${app.url}${path}`, { method: "POST" });
    expect(await closed()).toMatchObject([{ reason: "complaint" }]);
  });
});

test("a body of 5 MB is refused, and one of 700 KiB of events is taken", async () => {
  const sent = await sendOne();
  expect(await tell([event(sent, "delivered", { filler: "x".repeat(5_000_000) })])).toBe(413);
  expect(await tell([event(sent, "delivered", { filler: "x".repeat(700_000) })])).toBe(204);
  expect(await stateOf(sent)).toMatchObject({ status: "delivered" });
});
