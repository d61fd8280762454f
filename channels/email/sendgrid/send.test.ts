import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FakeMailApi, type MailFault, newSendgridKeys, startFakeSendgrid } from "#test/fake-mail-api.ts";
import type { OutgoingMessage, Provider } from "../../channel.ts";
import { sendgridSend } from "./send.ts";

let fake: FakeMailApi;
let provider: Provider;
beforeAll(async () => {
  fake = await startFakeSendgrid();
});
afterAll(() => fake.stop());
const rules = () => ({ allowPrivateHosts: false, extraMailPorts: [], providerUrls: { sendgrid: fake.url } });
const settings = { fromName: "Ana’s Salon", fromAddress: "hello@salon.example", region: "global" } as const;
const open = (apiKey = fake.apiKey) =>
  sendgridSend.open({ name: "sendgrid", channel: "email", settings, secrets: { apiKey }, rules: rules() });
beforeEach(() => {
  fake.taken.length = 0;
  provider = open();
});

const mail = (more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  id: randomUUID(),
  workspaceId: "w",
  kind: "marketing",
  channel: "email",
  to: "grace@example.org",
  subject: "Hello",
  text: "See you on Monday.",
  ...more,
});
const send = (message: OutgoingMessage) => provider.send(message, { signal: AbortSignal.timeout(1_500) });

test("a mail goes with both parts, the headers of a list, our id, and without any tracking", async () => {
  const message = mail({ html: "<p>Hi</p>", unsubscribeUrl: "https://sluice.example.com/u/abc" });
  expect(await send(message)).toEqual({ outcome: "accepted", providerMessageId: fake.taken[0]?.id });
  expect(fake.taken[0]?.body).toMatchObject({
    personalizations: [{ to: [{ email: "grace@example.org" }], custom_args: { sluice_message: message.id } }],
    from: { email: "hello@salon.example", name: "Ana’s Salon" },
    content: [{ type: "text/plain" }, { type: "text/html", value: "<p>Hi</p>" }],
    headers: { "List-Unsubscribe": "<https://sluice.example.com/u/abc>" },
    tracking_settings: { click_tracking: { enable: false }, open_tracking: { enable: false }, subscription_tracking: { enable: false } },
  });
});

describe("a fault in between, as sending is not idempotent", () => {
  test.each<[MailFault]>([
    [{ kind: "500", taken: true }],
    [{ kind: "garbage", taken: true }],
    [{ kind: "reset", taken: true }],
    [{ kind: "silence", taken: true }],
    [{ kind: "error", status: 502, body: "<html>" }],
    [{ kind: "error", status: 404, body: "<html>" }],
  ])("%j is unknown, never refused", async (fault) => {
    fake.fail(fault);
    expect((await send(mail())).outcome).toBe("unknown");
  });

  test("a host that takes no connection is one to try again", async () => {
    const gone = await startFakeSendgrid();
    await gone.stop();
    const nobody = sendgridSend.open({
      name: "sendgrid",
      channel: "email",
      settings,
      secrets: { apiKey: "x" },
      rules: { ...rules(), providerUrls: { sendgrid: gone.url } },
    });
    const result = await nobody.send(mail(), { signal: AbortSignal.timeout(1_500) });
    expect(result).toMatchObject({ outcome: "rejected", reason: "provider_unavailable", retryable: true });
  });
});

describe("a refusal", () => {
  const error = (status: number, message: string, field: string | null = null) =>
    ({ kind: "error", status, body: { errors: [{ message, field, help: null }] } }) as const;
  test.each([
    [error(401, "The provided authorization grant is invalid"), { reason: "credentials_refused", pausesChannel: true }],
    [error(401, "Maximum credits exceeded"), { reason: "credentials_refused" }],
    [error(403, "The from address does not match a verified Sender Identity", "from"), { reason: "sender_refused", pausesChannel: true }],
    [error(400, "Does not contain a valid address", "personalizations.0.to.0.email"), { reason: "provider_rejected", retryable: false }],
    [error(413, "Payload too large"), { reason: "provider_rejected", retryable: false }],
  ])("%j means %j", async (fault, expected) => {
    fake.fail(fault);
    expect(await send(mail())).toMatchObject({ outcome: "rejected", ...expected });
  });

  test("for being asked too often says how long to wait", async () => {
    fake.fail({ ...error(429, "too many requests"), retryAfterSeconds: 3 });
    expect(await send(mail())).toMatchObject({ outcome: "rejected", retryable: true, costsTry: false, retryAfterMs: 3_000 });
  });
});

test("the API key is tried and the verification key is read before they are stored", async () => {
  const options = { signal: AbortSignal.timeout(1_500) };
  expect(await provider.check?.(options)).toBeUndefined();
  expect(await open("SG.wrong").check?.(options)).toBe("SendGrid refuses the API key");
  const problems = (verificationKey: string) => sendgridSend.problems?.({ ...settings, verificationKey }, rules());
  expect(problems(newSendgridKeys().verificationKey)).toEqual([]);
  expect(problems("A".repeat(124))).toMatchObject([{ path: "settings.verificationKey" }]);
});
