import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { newSendgridKeys, signedBySendgrid } from "#test/fake-mail-api.ts";
import { InboundRefused } from "../../provider-server.ts";
import { sendgridInbound } from "./inbound.ts";

const { privateKey, verificationKey } = newSendgridKeys();
const base = { fromName: "", fromAddress: "hello@salon.example", region: "global" } as const;
const messageId = randomUUID();
const delivered = [{ event: "delivered", sg_event_id: "1", sg_message_id: "abc.recvd-1", sluice_message: messageId }];
type Signed = ReturnType<typeof signedBySendgrid>;
const verify = ({ headers, body }: Signed, key: string | undefined = verificationKey) =>
  sendgridInbound.verify(
    { url: "https://sluice.example.com/x", headers, body },
    { settings: { ...base, ...(key && { verificationKey: key }) }, secrets: {} },
  );
const parse = (body: unknown) =>
  sendgridInbound.parse(
    { url: "", headers: {}, body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)) },
    { settings: base, secrets: {} },
  );
const hours = (n: number) => Date.now() + n * 3_600_000;

describe("a signature", () => {
  const header = "x-twilio-email-event-webhook-signature";
  const good = () => signedBySendgrid(delivered, { privateKey });
  test.each<[string, boolean, () => [Signed, string?]]>([
    ["good", true, () => [good()]],
    ["of a call that is tried again after a day", true, () => [signedBySendgrid(delivered, { privateKey, at: hours(-24) })]],
    ["three days old", false, () => [signedBySendgrid(delivered, { privateKey, at: hours(-72) })]],
    ["of another account", false, () => [signedBySendgrid(delivered, { privateKey: newSendgridKeys().privateKey })]],
    ["checked with another key", false, () => [good(), newSendgridKeys().verificationKey]],
    ["where no key is stored", false, () => [good(), ""]],
    ["checked with what is no key", false, () => [good(), "AAAA"]],
    ["missing", false, () => [{ headers: {}, body: good().body }]],
    ["of nonsense", false, () => [{ ...good(), headers: { ...good().headers, [header]: "bm9uc2Vuc2U=" } }]],
    [
      "with a byte changed",
      false,
      () => {
        const signed = good();
        signed.body[5] = (signed.body[5] as number) ^ 1;
        return [signed];
      },
    ],
    [
      "with another time",
      false,
      () => {
        const signed = good();
        return [
          {
            ...signed,
            headers: { ...signed.headers, "x-twilio-email-event-webhook-timestamp": String(Math.floor(Date.now() / 1_000) - 5) },
          },
        ];
      },
    ],
  ])("that is %s: %s", (_what, expected, made) => {
    const [signed, key = verificationKey] = made();
    expect(verify(signed, key)).toBe(expected);
  });
});

describe("an event", () => {
  test.each([
    [{ event: "processed" }, [{ status: "taken" }]],
    [{ event: "deferred" }, [{ status: "taken" }]],
    [{ event: "delivered" }, [{ status: "delivered" }]],
    [
      { event: "bounce", type: "bounce", reason: "550 5.1.1 no user" },
      [{ status: "undelivered", reason: "mailbox_not_found", invalidatesAddress: { after: 1 } }],
    ],
    [{ event: "bounce", type: "blocked" }, [{ status: "undelivered", reason: "mailbox_unavailable", invalidatesAddress: { after: 3 } }]],
    [
      { event: "bounce", type: "bounce", status: "5.0.0", reason: "550 nicht da", bounce_classification: "Invalid Address" },
      [{ status: "undelivered", reason: "mailbox_not_found", invalidatesAddress: { after: 1 } }],
    ],
    [{ event: "dropped", reason: "Invalid" }, [{ status: "undelivered", reason: "bad_email", invalidatesAddress: { after: 1 } }]],
    [{ event: "dropped", reason: "Recipient List over Package Quota" }, [{ reason: "account_suspended", pausesChannel: true }]],
    [
      { event: "dropped", reason: "Spam Reporting Address" },
      [
        { status: "undelivered", reason: "opted_out_email" },
        { kind: "refused", reason: "complaint" },
      ],
    ],
    [{ event: "spamreport" }, [{ kind: "refused", reason: "complaint" }]],
    [{ event: "unsubscribe" }, [{ kind: "refused", reason: "unsubscribe" }]],
    [{ event: "open" }, []],
    [{ event: "click" }, []],
  ])("%j means %j", (event, expected) => {
    const read = parse([{ sg_message_id: "abc.filter0001.1", sluice_message: messageId, ...event }]);
    expect(read).toHaveLength(expected.length);
    expect(read).toMatchObject(expected.map((one) => ({ messageId, providerMessageId: "abc", ...one })));
  });

  test.each([
    [
      { event: "bounce", type: "bounce", status: "5.7.26", reason: "550 5.7.26 SPF and DKIM of salon.example did not pass" },
      "sender_refused",
      /domain.*An owner must.*did not pass/,
    ],
    [{ event: "bounce", type: "bounce", status: "5.7.1", reason: "550 DMARC policy" }, "sender_refused", /An owner must/],
    [{ event: "bounce", type: "blocked", status: "5.7.1", reason: "550 5.7.1 blocked by policy" }, "not_delivered", /blocked by policy/],
    [{ event: "bounce", type: "blocked", reason: "421 4.7.0 our rate for your IP is reached" }, "not_delivered", /rate/],
    [{ event: "bounce", type: "bounce", status: "5.3.4", reason: "552 Message size exceeds fixed limit" }, "message_too_long", /shorter/],
    [
      { event: "bounce", type: "bounce", status: "5.6.0", reason: "bad headers", bounce_classification: "Invalid Address" },
      "not_delivered",
      /bad headers/,
    ],
    [{ event: "dropped", reason: "Invalid SMTPAPI header" }, "provider_rejected", /not its address.*SMTPAPI/],
    [{ event: "dropped", reason: "Spam Content" }, "provider_rejected", /Correct what it names.*Spam Content/],
    [{ event: "dropped", reason: "Bounced Address" }, "bounced_before", /list of bounces.*take it off/],
  ])("about us and not about the address closes none: %j", (event, reason, words) => {
    const [report, ...more] = parse([{ sg_message_id: "abc.1", ...event }]);
    expect(report).toMatchObject({ status: "undelivered", reason, message: expect.stringMatching(words) });
    expect(report).not.toHaveProperty("invalidatesAddress");
    expect(more).toEqual([]);
  });

  test("that cannot be read keeps none of the others from being read", () => {
    const many = [null, 5, "x", {}, { event: "delivered" }, { event: "painted", sg_message_id: "a.1" }, ...delivered];
    expect(parse(many)).toMatchObject([
      { kind: "unclear", providerMessageId: "a" },
      { status: "delivered", messageId },
    ]);
  });

  test("is in a list, or the call is refused with what to do", () => {
    for (const bad of ["", "{}", "not json"]) expect(() => parse(bad)).toThrow(InboundRefused);
  });
});
