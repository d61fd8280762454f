import { afterEach, describe, expect, test } from "vitest";
import { type FakeAnswer, type FakeTwilio, type FakeTwilioOptions, newSid, startFakeTwilio } from "#test/fake-twilio.ts";
import { openTwilio } from "#test/twilio-provider.ts";
import type { OutgoingMessage } from "../../channel.ts";
import { knownTwilioErrors } from "./errors.ts";

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0)) await end();
});

async function start(options: FakeTwilioOptions = {}): Promise<FakeTwilio> {
  const fake = await startFakeTwilio(options);
  cleanUp.push(fake.stop);
  return fake;
}

const id = "0192d3a0-0000-7000-8000-00000000abcd";
const message = (more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  id,
  workspaceId: "w",
  kind: "marketing",
  channel: "sms",
  to: "+14155550123",
  text: "Hi Ana, see you at 9 & bring £5",
  ...more,
});
const patience = () => ({ signal: AbortSignal.timeout(10_000) });
/** Sends one message to a Twilio that answers like this. */
async function sendTo(answer: FakeAnswer, signal = AbortSignal.timeout(10_000)) {
  const fake = await start({ answer: () => answer });
  return { fake, result: await openTwilio(fake).send(message(), { signal }) };
}

describe("a message that Twilio refuses", () => {
  test.each([
    [21211, "bad_phone", { invalidatesAddress: true }],
    [21614, "landline", { invalidatesAddress: true }],
    [21610, "opted_out_sms", { optedOut: true }],
    [21408, "country_not_enabled", {}],
    [21608, "provider_rejected", {}],
    [21612, "provider_rejected", {}],
    [99999, "provider_rejected", {}],
  ])("with %i concerns that message alone: %s", async (code, reason, more) => {
    const { result } = await sendTo({ kind: "error", status: 400, code });
    expect(result).toEqual({
      outcome: "rejected",
      reason,
      retryable: false,
      message: expect.stringContaining(`(Twilio error ${code})`),
      ...more,
    });
  });

  test.each([
    [401, 20003, "credentials_refused"],
    [400, 21606, "sender_refused"],
    [400, 21703, "sender_refused"],
    [400, 21609, "provider_unavailable"],
    [400, 30034, "sender_not_registered"],
    [403, 20005, "account_suspended"],
    [429, 63038, "account_suspended"],
  ])(
    "with status %i and %i would meet every other one too: the channel pauses, and no message loses a try",
    async (status, code, reason) => {
      const { result } = await sendTo({ kind: "error", status, code });
      expect(result).toMatchObject({ outcome: "rejected", reason, retryable: true, costsTry: false, pausesChannel: true });
      // The words name who must act.
      expect(result).toMatchObject({ message: expect.stringMatching(/owner|operator/i) });
    },
  );

  test("because it is asked too often, waits for as long as Twilio says, or ten seconds", async () => {
    const asked = await sendTo({ kind: "error", status: 429, code: 20429, retryAfterSeconds: 7 });
    expect(asked.result).toMatchObject({ outcome: "rejected", retryable: true, costsTry: false, retryAfterMs: 7_000 });
    expect(asked.result).not.toHaveProperty("pausesChannel");
    const bare = await sendTo({ kind: "error", status: 429 });
    expect(bare.result).toMatchObject({ outcome: "rejected", retryable: true, retryAfterMs: 10_000 });
    const full = await sendTo({ kind: "error", status: 400, code: 21611 });
    expect(full.result).toMatchObject({ outcome: "rejected", retryable: true, retryAfterMs: 60_000 });
  });

  test("leaves nothing at Twilio", async () => {
    const { fake } = await sendTo({ kind: "error", status: 400, code: 21211 });
    expect(fake.messages).toEqual([]);
  });
});

describe("it is not known whether a message left", () => {
  test.each<FakeAnswer>([
    { kind: "500", taken: true },
    { kind: "500", taken: false },
    { kind: "garbage", taken: true },
    { kind: "empty", taken: true },
    { kind: "reset", taken: true },
    { kind: "error", status: 502 },
    { kind: "error", status: 400 },
    { kind: "hang up" },
  ])("when Twilio answers with $kind (taken: $taken)", async (answer) => {
    const { fake, result } = await sendTo(answer);
    expect(result).toMatchObject({ outcome: "unknown", message: expect.stringMatching(/\w/) });
    expect(fake.requests, "it is asked once").toHaveLength(1);
  });

  test("when the caller gives up", async () => {
    const { fake, result } = await sendTo({ kind: "silence", taken: true }, AbortSignal.timeout(300));
    expect(result).toMatchObject({ outcome: "unknown" });
    expect(fake.messages).toHaveLength(1);
  });
});

test("a Twilio to which there is no connection has nothing, and is tried again", async () => {
  const fake = await start();
  await fake.stop();
  const result = await openTwilio(fake).send(message(), patience());
  expect(result).toMatchObject({ outcome: "rejected", reason: "provider_unavailable", retryable: true });
});

describe("a message that Twilio takes", () => {
  test("carries number, text, sender, validity, and where to report what becomes of it", async () => {
    const fake = await start();
    const provider = openTwilio(fake, { settings: { validMinutes: 90 }, inboundUrl: "https://sluice.example.com/api/inbound/sms/w" });
    const result = await provider.send(message(), patience());
    const [arrived] = fake.messages;
    expect(result).toEqual({ outcome: "accepted", providerMessageId: arrived?.sid });
    expect(arrived).toMatchObject({
      to: "+14155550123",
      body: "Hi Ana, see you at 9 & bring £5",
      from: "+15550001111",
      validityPeriod: 5_400,
      statusCallback: `https://sluice.example.com/api/inbound/sms/w?message=${id}`,
    });
  });

  test("leaves from the sender that was chosen, as long as it is among those of the settings", async () => {
    const fake = await start();
    const provider = openTwilio(fake, { settings: { senders: ["+15550001111", "+15550002222"] } });
    await provider.send(message({ from: "+15550002222" }), patience());
    await provider.send(message({ from: "+15550003333" }), patience());
    expect(fake.messages.map(({ from }) => from)).toEqual(["+15550002222", "+15550001111"]);
  });

  test("leaves by a messaging service, which chooses the number", async () => {
    const fake = await start();
    const service = newSid("MG");
    const provider = openTwilio(fake, { settings: { senders: [], messagingServiceSid: service } });
    expect(await provider.send(message(), patience())).toMatchObject({ outcome: "accepted" });
    expect(fake.messages).toMatchObject([{ messagingServiceSid: service }]);
    expect(provider).toMatchObject({ from: service, senders: [service] });
  });

  test("is signed in for by an API key, where there is one", async () => {
    const key = newSid("SK");
    const fake = await start({ apiKeys: { [key]: "the-secret-of-the-key" } });
    const settings = { apiKeySid: key };
    const wrong = openTwilio(fake, { settings, secrets: { apiKeySecret: "another-secret-than-that" } });
    expect(await wrong.send(message(), patience())).toMatchObject({ outcome: "rejected", reason: "credentials_refused" });
    const right = openTwilio(fake, { settings, secrets: { apiKeySecret: "the-secret-of-the-key" } });
    expect(await right.send(message(), patience())).toMatchObject({ outcome: "accepted" });
  });
});

describe("the check before settings are stored", () => {
  test("signs in, and reads the list of messages, which finding lost ones needs", async () => {
    const fake = await start();
    expect(await openTwilio(fake).check?.(patience())).toBeUndefined();
    expect(fake.requests).toEqual(["GET /Messages.json"]);
    expect(fake.messages).toEqual([]);
  });

  test("says what is wrong with the sign-in, and with a token that only signs", async () => {
    const key = newSid("SK");
    const fake = await start({ apiKeys: { [key]: "the-secret-of-the-key" } });
    expect(await openTwilio(fake, { secrets: { authToken: "0".repeat(32) } }).check?.(patience())).toContain("Twilio refuses the sign-in");
    const byKey = openTwilio(fake, {
      settings: { apiKeySid: key },
      secrets: { apiKeySecret: "the-secret-of-the-key", authToken: "0".repeat(32) },
    });
    expect(await byKey.check?.(patience())).toContain("the auth token, with which Twilio signs its calls");
    await fake.stop();
    expect(await openTwilio(fake).check?.(patience())).toContain("cannot be reached");
  });
});

describe("a message in doubt is looked up in Twilio's list", () => {
  const doubtful = (more: Partial<OutgoingMessage> = {}) => ({ ...message(more), handedOverAt: new Date() });

  test("and found by its number, text and time, with others that may be it", async () => {
    const fake = await start({ answer: ({ tries }) => (tries === 1 ? { kind: "500", taken: true } : { kind: "accept" }) });
    const provider = openTwilio(fake);
    await provider.send(message(), patience());
    await provider.send(message(), patience());
    await provider.send(message({ text: "Another text" }), patience());
    await provider.send(message({ to: "+14155550199" }), patience());
    const [lost, twin] = fake.messages;
    expect(await provider.reconcile?.(doubtful(), patience())).toEqual({ outcome: "found", providerMessageIds: [lost?.sid, twin?.sid] });
  });

  test("and not found where Twilio never got it, or has only older ones of the same text", async () => {
    const fake = await start({ answer: ({ tries }) => (tries === 1 ? { kind: "accept" } : { kind: "500", taken: false }) });
    const provider = openTwilio(fake);
    await provider.send(message(), patience());
    (fake.messages[0] as { createdAt: Date }).createdAt = new Date(Date.now() - 3_600_000);
    await provider.send(message(), patience());
    expect(await provider.reconcile?.(doubtful(), patience())).toEqual({ outcome: "not_found", otherIds: [] });
  });

  test("on as many pages as it takes, and no more than a person should be asked about", async () => {
    const fake = await start();
    const provider = openTwilio(fake);
    await provider.send(message(), patience());
    for (let i = 0; i < 250; i += 1) await provider.send(message({ text: `Other ${i}` }), patience());
    expect(await provider.reconcile?.(doubtful(), patience())).toMatchObject({ outcome: "found" });
    for (let i = 0; i < 300; i += 1)
      fake.messages.push({ ...(fake.messages[0] as (typeof fake.messages)[0]), sid: newSid("SM"), body: `More ${i}` });
    expect(await provider.reconcile?.(doubtful(), patience())).toMatchObject({ outcome: "unknown" });
  });

  test("which may not tell: it cannot be read, or has lost the texts", async () => {
    const fake = await start();
    const provider = openTwilio(fake);
    await provider.send(message(), patience());
    (fake.messages[0] as { body: string }).body = "";
    expect(await provider.reconcile?.(doubtful(), patience())).toMatchObject({ outcome: "unknown" });
    await fake.stop();
    expect(await provider.reconcile?.(doubtful(), patience())).toMatchObject({
      outcome: "unknown",
      message: expect.stringContaining("cannot be read"),
    });
  });

  test("also where a trial account put its own words before the text", async () => {
    const fake = await start();
    const provider = openTwilio(fake);
    await provider.send(message({ text: `Sent from your Twilio trial account - ${message().text}` }), patience());
    expect(await provider.reconcile?.(doubtful(), patience())).toMatchObject({ outcome: "found" });
  });
});

test("every error that means something has words for the person who must act", async () => {
  const { describeTwilioError } = await import("./errors.ts");
  for (const code of knownTwilioErrors)
    expect(describeTwilioError(code, undefined), String(code)).toMatch(/^[A-Z].{10,}\. \(Twilio error \d+\)$/);
});
