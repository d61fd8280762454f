import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FakeTelnyx, startFakeTelnyx } from "#test/fake-telnyx.ts";
import type { OutgoingMessage } from "../../channel.ts";
import { InboundRefused } from "../../provider-server.ts";
import { findTelnyxError, knownTelnyxErrors } from "./errors.ts";
import { telnyxInbound } from "./inbound.ts";
import { telnyxSend } from "./send.ts";
import { TelnyxSettings, telnyx } from "./settings.ts";

let fake: FakeTelnyx;
let other: FakeTelnyx;
beforeAll(async () => {
  [fake, other] = [await startFakeTelnyx(), await startFakeTelnyx()];
});
afterAll(async () => {
  await fake.stop();
  await other.stop();
});
beforeEach(() => {
  fake.messages.length = 0;
  fake.answer(() => ({ kind: "accept" }));
});

const ours = "https://sluice.example.com/api/inbound/sms/w";
const messageId = "0192d3a0-0000-7000-8000-00000000abcd";
const settings = (more: object = {}) =>
  TelnyxSettings.parse({ publicKey: fake.publicKey, senders: ["+1 555 000 1111", "+15550002222"], ...more });
const open = (apiKey = fake.apiKey) =>
  telnyxSend.open({
    settings: settings(),
    secrets: { apiKey },
    name: "telnyx",
    channel: "sms",
    rules: { allowPrivateHosts: false, extraMailPorts: [], providerUrls: { telnyx: fake.url } },
    inboundUrl: ours,
  });
const message: OutgoingMessage = { id: messageId, workspaceId: "w", channel: "sms", kind: "marketing", to: "+14155550142", text: "Hi ☂" };
const signal = () => AbortSignal.timeout(20_000);

describe("sending", () => {
  test("is refused without a sender, with a key that is none, and for a name without its profile", () => {
    for (const bad of [{ senders: [] }, { publicKey: "x" }, { senders: ["+1"] }, { messagingProfileId: "1" }, { colour: "red" }])
      expect(TelnyxSettings.safeParse({ publicKey: fake.publicKey, senders: ["+15550001111"], ...bad }).success, JSON.stringify(bad)).toBe(
        false,
      );
    const rules = { allowPrivateHosts: false, extraMailPorts: [] };
    expect(telnyxSend.problems?.(settings({ senders: ["Acme"] }), rules)).toMatchObject([{ path: "settings.messagingProfileId" }]);
    expect(telnyxSend.problems?.(settings(), rules)).toEqual([]);
    const stored = { settings: settings(), hasSecret: true, secrets: ["apiKey"] };
    expect(telnyx.secretProblems?.({ settings: settings({ publicKey: other.publicKey }), secrets: {}, stored })).toMatchObject([
      { path: "apiKey" },
    ]);
    expect(telnyx.secretProblems?.({ settings: settings(), secrets: { apiKey: "" }, stored })).toMatchObject([{ path: "apiKey" }]);
    expect(telnyx.secretProblems?.({ settings: settings(), secrets: {}, stored })).toEqual([]);
  });

  test("hands over text, sender and the address for reports, and takes the id; a sender that is not ours is not used", async () => {
    expect(await open().send(message, { signal: signal() })).toEqual({ outcome: "accepted", providerMessageId: fake.messages[0]?.id });
    expect(fake.messages[0]?.body).toMatchObject({ from: "+15550001111", to: message.to, text: "Hi ☂", type: "SMS" });
    await open().send({ ...message, from: "+15550002222" }, { signal: signal() });
    await open().send({ ...message, from: "+15559999999" }, { signal: signal() });
    expect(fake.messages.map(({ body }) => body.from)).toEqual(["+15550001111", "+15550002222", "+15550001111"]);
  });

  test.each([
    [{ kind: "500" }, { outcome: "unknown" }],
    [{ kind: "garbage" }, { outcome: "unknown" }],
    [{ kind: "reset" }, { outcome: "unknown" }],
    [{ kind: "error", status: 404 }, { outcome: "unknown" }],
    [
      { kind: "error", status: 400, code: "40300" },
      { outcome: "rejected", reason: "opted_out_sms", optedOut: true, retryable: false },
    ],
    [
      { kind: "error", status: 400, code: "40310" },
      { outcome: "rejected", reason: "bad_phone", invalidatesAddress: true },
    ],
    [
      { kind: "error", status: 400, code: "40305" },
      { outcome: "rejected", reason: "sender_refused", pausesChannel: true, costsTry: false },
    ],
    [
      { kind: "error", status: 403, code: "40010" },
      { outcome: "rejected", reason: "sender_not_registered", pausesChannel: true },
    ],
    [
      { kind: "error", status: 402, code: "99999" },
      { outcome: "rejected", reason: "account_suspended", pausesChannel: true },
    ],
    [
      { kind: "error", status: 429, code: "10011", retryAfterSeconds: 7 },
      { outcome: "rejected", costsTry: false, retryAfterMs: 7_000 },
    ],
    [
      { kind: "error", status: 422, code: "12345" },
      { outcome: "rejected", reason: "provider_rejected", retryable: false },
    ],
  ] as const)("an answer of %j means %j", async (answer, meaning) => {
    fake.answer(() => answer);
    expect(await open().send(message, { signal: signal() })).toMatchObject(meaning);
  });

  test("a wrong key pauses the channel, and is told when the account is set up", async () => {
    const wrong = open("KEY00000000000000000000000000");
    expect(await wrong.send(message, { signal: signal() })).toMatchObject({ reason: "credentials_refused", pausesChannel: true });
    expect(await wrong.check?.({ signal: signal() })).toMatch(/Telnyx refuses the API key/);
    expect(await open().check?.({ signal: signal() })).toBeUndefined();
  });

  test("a Telnyx that is not there takes nothing, so the message is tried again", async () => {
    const gone = await startFakeTelnyx();
    await gone.stop();
    const rules = { allowPrivateHosts: false, extraMailPorts: [], providerUrls: { telnyx: gone.url } };
    const provider = telnyxSend.open({ settings: settings(), secrets: { apiKey: "x" }, name: "telnyx", channel: "sms", rules });
    expect(await provider.send(message, { signal: signal() })).toMatchObject({ outcome: "rejected", retryable: true });
  });
});

const event = (type: string, payload: object) => JSON.stringify({ data: { event_type: type, payload: { id: "t-1", ...payload } } });
const request = (body: string, headers: Record<string, string>, url = `${ours}?message=${messageId}`) => ({
  url,
  headers,
  body: Buffer.from(body),
});
const account = () => ({ settings: settings(), secrets: {} });

describe("what Telnyx calls", () => {
  const body = event("message.finalized", { to: [{ status: "delivered" }] });

  test("only what the account's key signed within five minutes passes", () => {
    const good = fake.signed(body);
    const check = (text: string, headers: Record<string, string>) => telnyxInbound.verify(request(text, headers), account());
    expect(check(body, good)).toBe(true);
    expect(check(body, {}), "no header").toBe(false);
    expect(check(body, { ...good, "telnyx-signature-ed25519": "" }), "empty").toBe(false);
    expect(check(body, { ...good, "telnyx-signature-ed25519": randomBytes(64).toString("base64") }), "noise").toBe(false);
    expect(check(body, { ...good, "telnyx-signature-ed25519": "not base64 !" }), "no base64").toBe(false);
    expect(check(body, other.signed(body)), "another account's key, as at another workspace's address").toBe(false);
    expect(check(`${body} `, good), "one byte more").toBe(false);
    expect(check(body.replace("delivered", "Delivered"), good), "one byte changed").toBe(false);
    expect(check(body, { ...good, "telnyx-timestamp": String(Number(good["telnyx-timestamp"]) + 1) }), "another time").toBe(false);
    expect(check(body, { ...good, "telnyx-timestamp": "soon" }), "no time").toBe(false);
    expect(check(body, fake.signed(body, Date.now() - 6 * 60_000)), "kept and played again").toBe(false);
    expect(check(body, fake.signed(body, Date.now() + 6 * 60_000)), "from the future").toBe(false);
    const large = event("message.received", { text: "x".repeat(200_000) });
    expect(check(large, fake.signed(large)), "large").toBe(true);
  });

  const parse = (text: string) => telnyxInbound.parse(request(text, {}), account());
  test.each([
    ["message.sent", { to: [{ status: "sent" }] }, { status: "sent", messageId }],
    ["message.finalized", { to: [{ status: "delivered" }] }, { status: "delivered", messageId }],
    ["message.finalized", { to: [{ status: "delivery_unconfirmed" }] }, { status: "sent" }],
    [
      "message.finalized",
      { to: [{ status: "delivery_failed" }], errors: [{ code: 40001 }] },
      { status: "undelivered", reason: "landline", invalidatesAddress: { after: 1 } },
    ],
    ["message.finalized", { to: [{ status: "sending_failed" }], errors: [{ code: "40300" }] }, { status: "undelivered", optedOut: true }],
    ["message.finalized", { to: [{ status: "sending_failed" }], errors: null }, { status: "undelivered", reason: "not_delivered" }],
    ["message.finalized", { to: [{ status: "teleported" }] }, { kind: "unclear", what: 'the status "teleported"' }],
    ["message.finalized", {}, { kind: "unclear" }],
    ["message.dreamt", {}, { kind: "unclear" }],
  ])("%s %j is read as %j", (type, payload, read) => {
    expect(parse(event(type, payload))).toMatchObject([{ providerMessageId: "t-1", ...read }]);
  });

  test("a message of a person is read with its files counted; what is no message is refused in words", () => {
    const got = { from: { phone_number: "+14155550142" }, to: [{ phone_number: "+15550001111" }], text: "STOP", media: [{}, {}] };
    expect(parse(event("message.received", got))).toEqual([
      {
        kind: "received",
        providerMessageId: "t-1",
        from: "+14155550142",
        to: "+15550001111",
        text: "STOP",
        files: 2,
        providerHeard: "stop",
      },
    ]);
    expect(parse(event("message.received", { ...got, text: "HELP", autoresponse_type: "HELP" }))).toMatchObject([
      { text: "HELP", providerAnswersHelp: true },
    ]);
    expect(parse(event("message.received", { ...got, received_at: "2026-11-30T10:00:00.000+00:00" }))[0]).toMatchObject({
      writtenAt: new Date("2026-11-30T10:00:00Z"),
    });
    expect(parse(event("message.received", { ...got, received_at: "soon" }))[0]).not.toHaveProperty("writtenAt");
    const heard = (more: object) => (parse(event("message.received", { ...got, ...more }))[0] as { providerHeard?: string }).providerHeard;
    expect([heard({ text: "Unstop" }), heard({ text: "YES" }), heard({ text: "Stop it" })]).toEqual(["start", undefined, undefined]);
    expect([heard({ text: "Schluss", autoresponse_type: "STOP" }), heard({ text: "JOIN", autoresponse_type: "START" })]).toEqual([
      "stop",
      "start",
    ]);
    for (const bad of ["", "{", "[]", '{"data":{}}', '{"data":{"event_type":"call.hangup","payload":{}}}'])
      expect(() => parse(bad)).toThrow(InboundRefused);
  });
});

test("every error code that has a meaning stands in the guide, with what it does", () => {
  const guide = readFileSync("docs/channels/telnyx.md", "utf8");
  for (const code of knownTelnyxErrors) {
    expect(findTelnyxError(code)).toBeDefined();
    expect(guide, code).toContain(code);
  }
});
