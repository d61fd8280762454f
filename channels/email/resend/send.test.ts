import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FakeMailApi, type MailFault, startFakeResend } from "#test/fake-mail-api.ts";
import type { OutgoingMessage, Provider } from "../../channel.ts";
import { resendSend } from "./send.ts";

let fake: FakeMailApi;
let provider: Provider;
beforeAll(async () => {
  fake = await startFakeResend();
});
afterAll(() => fake.stop());
const open = (apiKey = fake.apiKey) =>
  resendSend.open({
    name: "resend",
    channel: "email",
    settings: { fromName: "Ana’s Salon", fromAddress: "hello@salon.example", replyTo: "ana@salon.example" },
    secrets: { apiKey },
    rules: { allowPrivateHosts: false, extraMailPorts: [], providerUrls: { resend: fake.url } },
  });
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

test("a mail goes with its sender, both parts, the headers of a list and our id", async () => {
  const message = mail({ html: "<p>Hi</p>", unsubscribeUrl: "https://sluice.example.com/u/abc", campaign: "f1" });
  expect(await send(message)).toEqual({ outcome: "accepted", providerMessageId: fake.taken[0]?.id });
  expect(fake.taken[0]).toMatchObject({
    key: message.id,
    body: {
      from: "Ana’s Salon <hello@salon.example>",
      to: ["grace@example.org"],
      reply_to: "ana@salon.example",
      text: "See you on Monday.",
      html: "<p>Hi</p>",
      headers: { "List-Unsubscribe": "<https://sluice.example.com/u/abc>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
      tags: [{ name: "message", value: message.id }],
    },
  });
});

test("an address that is none is not handed over", async () => {
  expect(await send(mail({ to: "a@b.example, c@d.example" }))).toMatchObject({
    outcome: "rejected",
    reason: "bad_email",
    retryable: false,
  });
  expect(fake.taken).toEqual([]);
});

describe("a fault in between", () => {
  const cases: [MailFault, "unknown" | "rejected"][] = [
    [{ kind: "500", taken: true }, "unknown"],
    [{ kind: "500", taken: false }, "unknown"],
    [{ kind: "garbage", taken: true }, "unknown"],
    [{ kind: "reset", taken: true }, "unknown"],
    [{ kind: "silence", taken: false }, "unknown"],
    [{ kind: "hang up" }, "unknown"],
  ];
  test.each(cases)("%j: the next try with the same key leaves one mail", async (fault, outcome) => {
    const message = mail();
    fake.fail(fault);
    expect((await send(message)).outcome).toBe(outcome);
    expect((await send(message)).outcome).toBe("accepted");
    expect(fake.taken).toHaveLength(1);
  });

  test("the same key with another text is in doubt and never a second mail", async () => {
    const message = mail();
    await send(message);
    expect((await send({ ...message, text: "Another text" })).outcome).toBe("unknown");
    expect(fake.taken).toHaveLength(1);
  });
});

describe("a refusal", () => {
  const error = (status: number, name: string, message = "") =>
    ({ kind: "error", status, body: { statusCode: status, name, message } }) as const;
  test.each([
    [error(401, "missing_api_key"), { reason: "credentials_refused", pausesChannel: true }],
    [error(403, "validation_error", "The salon.example domain is not verified"), { reason: "sender_refused", pausesChannel: true }],
    [error(422, "invalid_from_address"), { reason: "sender_refused", pausesChannel: true }],
    [error(429, "daily_quota_exceeded"), { reason: "account_suspended", pausesChannel: true }],
    [error(422, "validation_error", "No"), { reason: "provider_rejected", retryable: false }],
  ])("%j means %j", async (fault, expected) => {
    fake.fail(fault);
    expect(await send(mail())).toMatchObject({ outcome: "rejected", ...expected });
  });

  test("for being asked too often says how long to wait, and costs no try", async () => {
    fake.fail({ ...error(429, "rate_limit_exceeded"), retryAfterSeconds: 7 });
    expect(await send(mail())).toMatchObject({ outcome: "rejected", retryable: true, costsTry: false, retryAfterMs: 7_000 });
  });
});

test("the key is tried before it is stored", async () => {
  const options = { signal: AbortSignal.timeout(1_500) };
  expect(await provider.check?.(options)).toBeUndefined();
  expect(await open("re_wrong_wrong_wrong").check?.(options)).toBe("Resend refuses the API key");
});
