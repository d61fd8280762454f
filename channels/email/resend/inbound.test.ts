import { createHmac, randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { newResendSecret, signedByResend } from "#test/fake-mail-api.ts";
import { InboundRefused } from "../../provider-server.ts";
import { resendInbound } from "./inbound.ts";
import { isSignedBySvix } from "./signature.ts";

const secret = newResendSecret();
const settings = { fromName: "", fromAddress: "hello@salon.example" };
const messageId = randomUUID();
const delivered = { type: "email.delivered", created_at: "2026-11-01T00:00:00Z", data: { email_id: "e1", tags: { message: messageId } } };
type Signed = ReturnType<typeof signedByResend>;
const verify = ({ headers, body }: Signed, webhookSecret: string | undefined = secret) =>
  resendInbound.verify({ url: "https://sluice.example.com/x", headers, body }, { settings, secrets: { webhookSecret } });
const parse = (event: unknown) =>
  resendInbound.parse(
    { url: "", headers: {}, body: Buffer.from(typeof event === "string" ? event : JSON.stringify(event)) },
    { settings, secrets: {} },
  );
const minutes = (n: number) => Date.now() + n * 60_000;

describe("a signature", () => {
  test("of Svix's own example is taken", () => {
    const headers = {
      "svix-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "svix-timestamp": "1614265330",
      "svix-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    };
    const signed = { headers, body: Buffer.from('{"test": 2432232314}') };
    expect(isSignedBySvix(signed, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1_614_265_330_000)).toBe(true);
    expect(isSignedBySvix(signed, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")).toBe(false);
  });

  test.each<[string, boolean, () => [Signed, (string | undefined)?]]>([
    ["good", true, () => [signedByResend(delivered, { secrets: [secret] })]],
    ["one of several", true, () => [signedByResend(delivered, { secrets: [newResendSecret(), secret] })]],
    ["four minutes old", true, () => [signedByResend(delivered, { secrets: [secret], at: minutes(-4) })]],
    ["six minutes old", false, () => [signedByResend(delivered, { secrets: [secret], at: minutes(-6) })]],
    ["six minutes ahead", false, () => [signedByResend(delivered, { secrets: [secret], at: minutes(6) })]],
    ["of another account", false, () => [signedByResend(delivered, { secrets: [newResendSecret()] })]],
    ["where no secret is stored", false, () => [signedByResend(delivered, { secrets: [secret] }), ""]],
    [
      "with a byte changed",
      false,
      () => {
        const signed = signedByResend(delivered, { secrets: [secret] });
        signed.body[20] = (signed.body[20] as number) ^ 1;
        return [signed];
      },
    ],
    [
      "with another time",
      false,
      () => {
        const signed = signedByResend(delivered, { secrets: [secret] });
        return [{ ...signed, headers: { ...signed.headers, "svix-timestamp": String(Math.floor(Date.now() / 1_000) + 1) } }];
      },
    ],
    [
      "with another id",
      false,
      () => {
        const signed = signedByResend(delivered, { secrets: [secret] });
        return [{ ...signed, headers: { ...signed.headers, "svix-id": "msg_other" } }];
      },
    ],
    ["missing", false, () => [{ headers: {}, body: Buffer.from("{}") }]],
    [
      "of another version",
      false,
      () => {
        const signed = signedByResend(delivered, { secrets: [secret] });
        return [
          {
            ...signed,
            headers: { ...signed.headers, "svix-signature": (signed.headers["svix-signature"] as string).replace("v1,", "v2,") },
          },
        ];
      },
    ],
    [
      "of an empty key",
      false,
      () => {
        const time = String(Math.floor(Date.now() / 1_000));
        const signature = createHmac("sha256", "").update(`i.${time}.{}`).digest("base64");
        return [
          { headers: { "svix-id": "i", "svix-timestamp": time, "svix-signature": `v1,${signature}` }, body: Buffer.from("{}") },
          "whsec_",
        ];
      },
    ],
  ])("that is %s: %s", (_what, expected, made) => {
    const [signed, with_ = secret] = made();
    expect(verify(signed, with_)).toBe(expected);
  });
});

describe("an event", () => {
  const event = (type: string, more = {}) => ({ type, data: { email_id: "e1", tags: [{ name: "message", value: messageId }], ...more } });
  test.each([
    ["email.sent", {}, [{ status: "taken" }]],
    ["email.delivery_delayed", {}, [{ status: "taken" }]],
    ["email.delivered", {}, [{ status: "delivered" }]],
    [
      "email.bounced",
      { bounce: { type: "Permanent", message: "gone" } },
      [{ status: "undelivered", reason: "mailbox_not_found", invalidatesAddress: { after: 1 } }],
    ],
    [
      "email.bounced",
      { bounce: { type: "Transient", message: "full" } },
      [{ status: "undelivered", reason: "mailbox_unavailable", invalidatesAddress: { after: 3 } }],
    ],
    ["email.bounced", {}, [{ status: "undelivered", reason: "mailbox_unavailable" }]],
    ["email.suppressed", {}, [{ status: "undelivered", reason: "bounced_before" }]],
    ["email.complained", {}, [{ kind: "refused", reason: "complaint" }]],
    ["email.opened", {}, []],
    ["email.painted", {}, [{ kind: "unclear" }]],
  ])("%s %j means %j", (type, more, expected) => {
    const read = parse(event(type, more));
    expect(read).toHaveLength(expected.length);
    expect(read).toMatchObject(
      expected.map((one) => ("kind" in one && one.kind === "unclear" ? one : { messageId, providerMessageId: "e1", ...one })),
    );
  });

  const explained = "The recipient's provider sent a hard bounce. Sending to such addresses may harm your reputation as a sender.";
  const permanent = (more: object) => ({ type: "Permanent", subType: "General", message: explained, ...more });
  test("that brings Resend's explanation alone, or the server's own answer of a dead mailbox, closes the address", () => {
    for (const bounce of [permanent({}), permanent({ diagnosticCode: ["smtp; 550 5.1.1 user unknown <x@y.example>"] })])
      expect(parse(event("email.bounced", { bounce }))).toMatchObject([{ reason: "mailbox_not_found", invalidatesAddress: { after: 1 } }]);
  });

  test.each([
    ["email.bounced", { bounce: permanent({ diagnosticCode: ["smtp; 550 5.7.26 unauthenticated"] }) }, "sender_refused", /An owner must/],
    ["email.bounced", { bounce: permanent({ message: "550 5.7.1 rejected due to DMARC policy" }) }, "sender_refused", /DMARC/],
    ["email.bounced", { bounce: permanent({ message: "rejected due to DMARC policy" }) }, "sender_refused", /DMARC/],
    ["email.bounced", { bounce: permanent({ diagnosticCode: "552 5.3.4 Message size exceeds limit" }) }, "message_too_long", /shorter/],
    ["email.bounced", { bounce: { type: "Transient", subType: "MessageTooLarge", message: "x" } }, "message_too_long", /shorter/],
    ["email.bounced", { bounce: { type: "Transient", subType: "ContentRejected", message: "x" } }, "not_delivered", /x/],
    ["email.bounced", { bounce: permanent({ subType: "Suppressed" }) }, "bounced_before", /take it off that list at Resend/],
    ["email.suppressed", {}, "bounced_before", /take it off that list at Resend/],
  ])("about us and not about the address closes none: %s %j", (type, more, reason, words) => {
    const [report] = parse(event(type, more));
    expect(report).toMatchObject({ status: "undelivered", reason, message: expect.stringMatching(words) });
    expect(report).not.toHaveProperty("invalidatesAddress");
  });

  test("of a domain says nothing, and what is no event is refused with what to do", () => {
    expect(parse({ type: "domain.updated", data: { name: "salon.example" } })).toEqual([]);
    for (const bad of ["", "[]", "{}", '{"type":"email.sent"}', "not json"]) expect(() => parse(bad)).toThrow(InboundRefused);
  });
});
