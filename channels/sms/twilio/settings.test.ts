import { describe, expect, test } from "vitest";
import { newSid } from "#test/fake-twilio.ts";
import { twilioSend } from "./send.ts";
import { TwilioSettings, twilio } from "./settings.ts";

const accountSid = newSid("AC");
const parse = (more: Record<string, unknown>) => TwilioSettings.safeParse({ accountSid, senders: ["+15550001111"], ...more });
const token = "0123456789abcdef0123456789abcdef";
const none = { settings: {} as unknown, hasSecret: false, secrets: [] as string[] };

describe("settings are refused", () => {
  test.each([
    ["an account SID that is none", { accountSid: "AC123" }],
    ["a key in place of the account", { accountSid: newSid("SK") }],
    ["a sender without its country", { senders: ["5550001111222"] }],
    ["a sender of more than 11 letters", { senders: ["Harbour Dental"] }],
    ["a sender of signs", { senders: ["<script>"] }],
    ["more than ten hours", { validMinutes: 601 }],
    ["a region that Twilio does not have", { region: "mars" }],
    ["an address of one's own", { baseUrl: "https://evil.example" }],
  ])("with %s", (_what, more) => {
    expect(parse(more).success).toBe(false);
  });

  test("with no sender at all, or with numbers and a service", () => {
    const problems = (more: Record<string, unknown>) =>
      twilioSend
        .problems?.(TwilioSettings.parse({ accountSid, ...more }), { allowPrivateHosts: false, extraMailPorts: [] })
        .map(({ path }) => path);
    expect(problems({})).toEqual(["settings.senders"]);
    expect(problems({ senders: ["+15550001111"], messagingServiceSid: newSid("MG") })).toEqual(["settings.messagingServiceSid"]);
    expect(problems({ messagingServiceSid: newSid("MG") })).toEqual([]);
  });

  test("without the secrets that they need, or with one that was stored for another account", () => {
    const problems = (settings: object, secrets: object, stored = none) =>
      twilio.secretProblems?.({ settings: TwilioSettings.parse({ accountSid, ...settings }), secrets, stored }).map(({ path }) => path);
    expect(problems({}, {})).toEqual(["authToken"]);
    expect(problems({}, { authToken: "" })).toEqual(["authToken"]);
    expect(problems({}, { authToken: token })).toEqual([]);
    expect(problems({ apiKeySid: newSid("SK") }, { authToken: token })).toEqual(["apiKeySecret"]);
    expect(problems({}, { authToken: token, apiKeySecret: token })).toEqual(["settings.apiKeySid"]);
    const stored = { settings: { accountSid }, hasSecret: true, secrets: ["authToken"] };
    expect(problems({}, {}, stored)).toEqual([]);
    expect(problems({ accountSid: newSid("AC") }, {}, stored)).toEqual(["authToken"]);
  });
});

test("numbers are taken as people write them", () => {
  expect(parse({ senders: [" +1 (555) 000-1111 ", "12345", "Harbour"] }).data?.senders).toEqual(["+15550001111", "12345", "Harbour"]);
});

test("a summary names the sender, or the end of the service's SID", () => {
  const of = (more: Record<string, unknown>) => twilio.summary?.(TwilioSettings.parse({ accountSid, ...more }));
  expect(of({ senders: ["+15550001111"] })).toBe("+15550001111");
  expect(of({ senders: ["+15550001111", "+15550002222", "12345"] })).toBe("+15550001111 and 2 more");
  expect(of({ messagingServiceSid: `MG${"0".repeat(28)}abcd` })).toBe("Messaging service …abcd");
});
