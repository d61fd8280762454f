import twilio from "twilio";
import { describe, expect, test } from "vitest";
import { newSid } from "#test/fake-twilio.ts";
import { InboundRefused, type InboundRequest } from "../../provider-server.ts";
import { twilioInbound } from "./inbound.ts";
import { TwilioSettings } from "./settings.ts";
import { isSignedByTwilio } from "./signature.ts";

const token = "12345678901234567890123456789012";
const accountSid = newSid("AC");
const url = "https://sluice.example.com/api/inbound/sms/w?message=0192d3a0-0000-7000-8000-00000000abcd";
const account = { settings: TwilioSettings.parse({ accountSid, senders: ["+15550001111"] }), secrets: { authToken: token } };

type Params = Record<string, string | string[]>;
const formOf = (params: Params) =>
  new URLSearchParams(Object.entries(params).flatMap(([name, value]) => [value].flat().map((one) => [name, one])));

/** A call as Twilio makes it; each part can be another than the one that was signed. */
function call(params: Params, { signedBy = token, signedUrl = url, at = url, signature = "" } = {}): InboundRequest {
  const given = signature || twilio.getExpectedTwilioSignature(signedBy, signedUrl, params);
  return {
    url: at,
    headers: { "x-twilio-signature": given, "content-type": "application/x-www-form-urlencoded; charset=UTF-8" },
    body: Buffer.from(formOf(params).toString()),
  };
}
const verify = (request: InboundRequest, secrets: Partial<Record<"authToken" | "secondaryAuthToken", string>> = account.secrets) =>
  twilioInbound.verify(request, { ...account, secrets });

const report = { AccountSid: accountSid, MessageSid: newSid("SM"), MessageStatus: "delivered", To: "+14155550123", From: "+15550001111" };
const received = {
  AccountSid: accountSid,
  MessageSid: newSid("SM"),
  SmsStatus: "received",
  Body: "STOP",
  From: "+14155550123",
  To: "+15550001111",
  NumMedia: "0",
};

describe("a call that Twilio's own package signed", () => {
  test.each<[string, Params]>([
    ["a report", report],
    ["a message", received],
    ["texts of all kinds", { ...received, Body: "Grüße 👋 a+b=c&d %41 \n  spaces at the end  ", Empty: "" }],
    ["a parameter that comes several times", { ...report, MediaUrl: ["b", "a", "b"] }],
    ["names that sort by case", { b: "1", B: "2", a: "3", A: "4", _x: "5", "10": "6", "9": "7" }],
    ["no parameters at all", {}],
  ])("is taken: %s", (_what, params) => {
    expect(verify(call(params))).toBe(true);
  });

  test("is taken with either of two tokens, while they are being changed", () => {
    const next = "abcdefabcdefabcdefabcdefabcdefab";
    const both = { authToken: token, secondaryAuthToken: next };
    expect([verify(call(report), both), verify(call(report, { signedBy: next }), both)]).toEqual([true, true]);
    expect(verify(call(report, { signedBy: next }))).toBe(false);
  });

  test("is taken with and without the port that goes with the scheme", () => {
    const plain = "https://sluice.example.com/api/x?y=1";
    const named = "https://sluice.example.com:443/api/x?y=1";
    expect(verify(call(report, { signedUrl: named, at: plain }))).toBe(true);
    expect(verify(call(report, { signedUrl: plain, at: named }))).toBe(true);
    const local = "http://127.0.0.1:4400/api/x";
    expect(verify(call(report, { signedUrl: local, at: local }))).toBe(true);
    expect(verify(call(report, { signedUrl: "http://[::1]:4400/a", at: "http://[::1]:4400/a" }))).toBe(true);
  });

  test("is taken at an address behind a path of a proxy, which is part of what is signed", () => {
    const behind = "https://example.com/sluice/api/inbound/sms/w?message=1";
    expect(verify(call(report, { signedUrl: behind, at: behind }))).toBe(true);
    expect(verify(call(report, { signedUrl: behind, at: "https://example.com/api/inbound/sms/w?message=1" }))).toBe(false);
  });
});

describe("a call is refused", () => {
  test.each<[string, InboundRequest]>([
    ["signed with another token", call(report, { signedBy: "0".repeat(32) })],
    ["for another address", call(report, { signedUrl: "https://sluice.example.com/api/inbound/sms/other" })],
    ["for another query of the address", call(report, { at: url.replace("abcd", "abce") })],
    ["for http instead of https", call(report, { at: url.replace("https", "http") })],
    ["for another port", call(report, { signedUrl: url.replace(".com", ".com:9443"), at: url.replace(".com", ".com:8443") })],
    ["with a signature that is none", call(report, { signature: "no signature" })],
    ["with an empty signature", { ...call(report), headers: { ...call(report).headers, "x-twilio-signature": "" } }],
    ["without a signature", { ...call(report), headers: { "content-type": "application/x-www-form-urlencoded" } }],
    [
      "with two signatures",
      { ...call(report), headers: { ...call(report).headers, "x-twilio-signature": ["a", "b"] as unknown as string } },
    ],
    ["with a body that is no form", { ...call(report), headers: { ...call(report).headers, "content-type": "application/json" } }],
    ["with one more byte", { ...call(report), body: Buffer.concat([call(report).body, Buffer.from("x")]) }],
    ["with one parameter more", { ...call(report), body: Buffer.from(`${formOf(report)}&ErrorCode=30003`) }],
    ["with one value changed", { ...call(report), body: Buffer.from(formOf({ ...report, MessageStatus: "failed" }).toString()) }],
    ["with the name and the value of a parameter moved apart", { ...call({ ab: "c" }), body: Buffer.from("a=bcd") }],
    ["with an empty body", { ...call(report), body: Buffer.alloc(0) }],
  ])("%s", (_what, request) => {
    expect(verify(request)).toBe(false);
  });

  test("without a token stored, whatever it was signed with", () => {
    expect(verify(call(report, { signedBy: "" }), {})).toBe(false);
    expect(verify(call(report, { signedBy: "" }), { authToken: "" })).toBe(false);
  });
});

test("the signature is the one of Twilio's package for 300 forms that are anything", () => {
  const letters = ["a", "B", "ü", "👋", " ", "+", "&", "=", "%", "\n", "0", ""];
  let seed = 7;
  const pick = (from: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % from;
  };
  const word = () => Array.from({ length: pick(6) }, () => letters[pick(letters.length)]).join("");
  for (let i = 0; i < 300; i += 1) {
    const params: Params = Object.fromEntries(Array.from({ length: pick(8) }, () => [word(), pick(4) === 0 ? [word(), word()] : word()]));
    const signature = twilio.getExpectedTwilioSignature(token, url, params);
    expect(isSignedByTwilio({ url, params: formOf(params), signature }, [token]), JSON.stringify(params)).toBe(true);
    expect(twilio.validateRequest(token, signature, url, params)).toBe(true);
  }
});

describe("what a call says", () => {
  const parse = (params: Params) => twilioInbound.parse(call(params), account);

  test("of another account is refused with words for whoever set the address there", () => {
    expect(() => parse({ ...report, AccountSid: newSid("AC") })).toThrow(InboundRefused);
    expect(() => parse({ ...report, AccountSid: newSid("AC") })).toThrow(/uses another one. Check at Twilio/);
    expect(() => parse({ MessageSid: "SM1", MessageStatus: "sent" })).toThrow(/\(none\)/);
  });

  test("about a phone call is refused: the address is for messages", () => {
    expect(() => parse({ AccountSid: accountSid, CallSid: newSid("CA"), CallStatus: "ringing" })).toThrow(/for messages only/);
  });

  test.each([
    ["accepted", "taken"],
    ["queued", "taken"],
    ["sending", "taken"],
    ["sent", "sent"],
    ["delivered", "delivered"],
    ["read", "delivered"],
    ["undelivered", "undelivered"],
    ["failed", "undelivered"],
    ["canceled", "undelivered"],
  ])("with the status %s means: %s", (status, meaning) => {
    expect(parse({ ...report, MessageStatus: status })).toMatchObject([
      { kind: "delivery", status: meaning, providerMessageId: report.MessageSid, messageId: "0192d3a0-0000-7000-8000-00000000abcd" },
    ]);
  });

  test("with a status that nobody knows is kept as unclear", () => {
    expect(parse({ ...report, MessageStatus: "teleported" })).toEqual([
      { kind: "unclear", providerMessageId: report.MessageSid, what: 'the status "teleported"' },
    ]);
  });

  test.each([
    [30003, { reason: "phone_unreachable" }],
    [30005, { reason: "unknown_number", invalidatesAddress: { after: 2 } }],
    [30006, { reason: "landline", invalidatesAddress: { after: 1 } }],
    [30007, { reason: "carrier_blocked" }],
    [30034, { reason: "sender_not_registered", pausesChannel: true }],
    [21610, { reason: "opted_out_sms", optedOut: true }],
    [30036, { reason: "too_late" }],
    [45678, { reason: "not_delivered" }],
  ])("of a message that was not delivered, with the error %i", (code, meaning) => {
    const [event] = parse({ ...report, MessageStatus: "undelivered", ErrorCode: String(code) });
    expect(event).toMatchObject({ status: "undelivered", message: expect.stringContaining(`(Twilio error ${code})`), ...meaning });
  });

  test("is a message of a person, with its text as it was typed and the number of its files", () => {
    const [event] = parse({ ...received, Body: "  Grüße 👋\nund mehr ", NumMedia: "2" });
    expect(event).toEqual({
      kind: "received",
      providerMessageId: received.MessageSid,
      from: "+14155550123",
      to: "+15550001111",
      text: "  Grüße 👋\nund mehr ",
      files: 2,
      providerAnswersHelp: true,
    });
    expect(parse({ ...received, Body: "" })).toMatchObject([{ kind: "received", text: "" }]);
  });

  test.each([
    ["at a long number", {}, "twilio", true],
    ["at a long number whose own answers were switched off", {}, "sluice", undefined],
    ["at a short code", { To: "72345" }, "twilio", undefined],
    ["wherever it says so", { To: "72345", OptOutType: "HELP" }, "sluice", true],
  ] as const)("HELP is answered by Twilio %s", (_where, params, answersHelp, answered) => {
    const given = { ...account, settings: { ...account.settings, answersHelp } };
    const [event] = twilioInbound.parse(call({ ...received, Body: "HELP", ...params }), given);
    expect(event).toMatchObject({ kind: "received", text: "HELP" });
    expect((event as { providerAnswersHelp?: boolean }).providerAnswersHelp).toBe(answered);
  });
});

describe("what Twilio itself does by a word", () => {
  const heard = (params: Params, answersHelp: "twilio" | "sluice" = "twilio") => {
    const given = { ...account, settings: { ...account.settings, answersHelp } };
    const [event] = twilioInbound.parse(call({ ...received, ...params }), given);
    return (event as { providerHeard?: string }).providerHeard;
  };

  test.each<[string, string | undefined, Params]>([
    ["its word for stopping, in any letters", "stop", { Body: " RevokE " }],
    ["its word for starting", "start", { Body: "Start" }],
    ["YES, which to Twilio is START", "start", { Body: "yes" }],
    ["YES within a sentence, which it passes over", undefined, { Body: "Yes please" }],
    ["STOP within a sentence", undefined, { Body: "STOP PLEASE" }],
    ["YES at a short code, where it does nothing", undefined, { Body: "YES", To: "72345" }],
    ["a word of the operator's own, of which it says what it is", "stop", { Body: "Schluss", OptOutType: "STOP" }],
    ["a word of the operator's own for starting", "start", { Body: "JOIN", OptOutType: "START" }],
    ["YES where the operator has taken it out of the words", undefined, { Body: "YES", OptOutType: "HELP" }],
    ["the name of a property of objects", undefined, { Body: "constructor" }],
  ])("is told of %s", (_what, meaning, params) => {
    expect(heard(params)).toBe(meaning);
  });

  test("is nothing where its own handling was switched off for the account", () => {
    expect([heard({ Body: "YES" }, "sluice"), heard({ Body: "x", OptOutType: "STOP" }, "sluice")]).toEqual([undefined, "stop"]);
  });
});

describe("a call of somebody who means harm", () => {
  test("that is larger than any of Twilio's is refused unread, whoever signed it", () => {
    expect(verify(call({ ...received, Body: "x".repeat(1_600) }))).toBe(true);
    expect(verify(call({ ...received, Body: "x".repeat(65_536) }))).toBe(false);
  });

  test("with a hundred thousand parameters is refused after one look at each, before anybody knows who calls", () => {
    const body = Buffer.from(Array.from({ length: 100_000 }, (_, n) => `p${n}=1`).join("&"));
    const request = { ...call(report, { signature: "AAAA" }), body };
    // It took time by the square of the number: more than a minute, in which nobody else was answered.
    expect(verify(request)).toBe(false);
  });

  test.each(["constructor", "__proto__", "toString"])("names a status that every object has (%s), and none that we know", (status) => {
    const [event] = twilioInbound.parse(call({ ...report, MessageStatus: status }), account);
    expect(event).toMatchObject({ kind: "unclear", what: `the status "${status}"` });
  });

  test.each([
    ["1e300", 1_000],
    ["3000000000", 1_000],
    ["Infinity", 1_000],
    ["-1", 0],
    ["2.7", 2],
    ["many", 0],
    ["", 0],
  ])("says that %s files came, of which as many are counted as can be stored", (NumMedia, files) => {
    expect(twilioInbound.parse(call({ ...received, NumMedia }), account)[0]).toMatchObject({ kind: "received", text: "STOP", files });
  });
});
