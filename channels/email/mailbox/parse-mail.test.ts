import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { deliveryReportMail, feedbackReportMail, plainMail } from "#test/mails.ts";
import { parseMail } from "./parse-mail.ts";
import { visibleText } from "./visible-text.ts";

const id = randomUUID();
const messageId = `<${id}@salon.example>`;
const recipient = "ana@example.org";
const parse = (raw: string, isWhole = true) => parseMail(Buffer.from(raw.replaceAll("\n", "\r\n")), { isWhole });
const reportOf = async (raw: string) => (await parse(raw))?.report;

describe("a report that tells nothing about a message of ours", () => {
  test.each([
    ["one of another program", deliveryReportMail({ messageId: "<abc@salon.example>", recipient })],
    ["one that returns nothing", deliveryReportMail({ messageId, recipient }).replace("message/rfc822", "text/plain")],
    ["one with an action that nobody knows", deliveryReportMail({ messageId, recipient, action: "painted" })],
    ["a feedback report that says it was no spam", feedbackReportMail({ messageId, type: "not-spam" })],
    ["a feedback report of another program", feedbackReportMail({ messageId: "<1@x.example>" })],
    [
      "a receipt that the mail was opened",
      deliveryReportMail({ messageId, recipient }).replaceAll("delivery-status", "disposition-notification"),
    ],
  ])("has no events: %s", async (_what, raw) => {
    expect(await reportOf(raw)).toEqual([]);
  });

  test("is none at all where its parts only look like one", async () => {
    const forwarded = deliveryReportMail({ messageId, recipient }).replace(
      "multipart/report; report-type=delivery-status",
      "multipart/mixed",
    );
    expect(await reportOf(forwarded)).toBeUndefined();
  });
});

describe("a delivery report", () => {
  const base = { kind: "delivery", messageId: id };
  test.each<[string, Partial<Parameters<typeof deliveryReportMail>[0]>, object]>([
    [
      "an unknown mailbox",
      {},
      { status: "undelivered", reason: "mailbox_not_found", invalidatesAddress: { after: 1 }, recipients: [recipient] },
    ],
    [
      "an unknown domain, with the status alone",
      { status: "5.1.2", diagnostic: "X-Postfix; Host or domain name not found" },
      { status: "undelivered", reason: "mailbox_not_found", invalidatesAddress: { after: 1 } },
    ],
    [
      "a vague status and words that say it",
      { status: "5.0.0", diagnostic: "smtp; 550 No such user here" },
      { status: "undelivered", reason: "mailbox_not_found" },
    ],
    [
      "a mailbox that is full",
      { status: "5.2.2", diagnostic: "smtp; 552 5.2.2 Mailbox full" },
      { status: "undelivered", reason: "mailbox_unavailable", invalidatesAddress: { after: 3 } },
    ],
    [
      "a server that was away for days",
      { status: "4.4.1", diagnostic: "smtp; connect to mx.example.org: Connection timed out" },
      { status: "undelivered", reason: "mailbox_unavailable", invalidatesAddress: { after: 3 } },
    ],
    [
      "a refusal as spam, which closes nothing",
      { status: "5.7.1", diagnostic: "smtp; 550 5.7.1 Message rejected as spam" },
      { status: "undelivered", reason: "not_delivered" },
    ],
    [
      "a refusal of the sender, which closes nothing and pauses nothing",
      { status: "5.7.26", diagnostic: "smtp; 550-5.7.26 This mail is unauthenticated" },
      { status: "undelivered", reason: "sender_refused" },
    ],
    ["a delay", { action: "delayed", status: "4.0.0" }, { status: "taken" }],
    ["a delivery", { action: "delivered", status: "2.0.0" }, { status: "delivered" }],
    ["a passing on to a system that reports nothing", { action: "relayed", status: "2.0.0" }, { status: "sent" }],
  ])("of %s", async (_what, more, expected) => {
    const report = await reportOf(deliveryReportMail({ messageId, recipient, ...more }));
    expect(report).toMatchObject([{ ...base, ...expected }]);
    // A report is a mail, and nobody's mail pauses a channel.
    expect(JSON.stringify(report)).not.toContain("pausesChannel");
  });

  test("names the address to which the mail went first, and the one at which it ended", async () => {
    const report = await reportOf(deliveryReportMail({ messageId, recipient: "Ana@Inside.example", original: "Ana@Example.org" }));
    expect(report).toMatchObject([{ recipients: ["ana@example.org", "ana@inside.example"] }]);
  });

  test("returns the headers alone, or has a Message-ID of the server's own: ours went along in a header", async () => {
    const headers = deliveryReportMail({ messageId, recipient, returnedAs: "text/rfc822-headers" });
    expect(await reportOf(headers)).toMatchObject([{ messageId: id }]);
    const replaced = deliveryReportMail({ messageId: "<0100-x@eu.mail.example>", recipient, returned: `X-Sluice-Message: ${id}\n` });
    expect(await reportOf(replaced)).toMatchObject([{ messageId: id }]);
  });

  test("that is larger than what is read of it is understood by its beginning", async () => {
    const cut = deliveryReportMail({ messageId, recipient }).replace("Hello\n", "x".repeat(2_000));
    const mail = await parseMail(Buffer.from(cut.slice(0, -1_500).replaceAll("\n", "\r\n")), { isWhole: false });
    expect(mail?.report).toMatchObject([{ messageId: id, status: "undelivered" }]);
  });
});

test.each([
  ["abuse", "complaint"],
  ["fraud", "complaint"],
  ["opt-out", "unsubscribe"],
])("a feedback report of the type %s is a %s", async (type, reason) => {
  expect(await reportOf(feedbackReportMail({ messageId, type }))).toEqual([{ kind: "refused", messageId: id, reason }]);
});

describe("a mail of a person", () => {
  test.each([
    ["a domain in another script, as contacts have it", "Max <Max@bücher.de>", "max@xn--bcher-kva.de"],
    [
      "an address to which nothing can be sent, as it stands, because it may answer a message of ours",
      "<jörg@example.org>",
      "jörg@example.org",
    ],
    ["nobody where it names none", "undisclosed", null],
  ])("is from %s", async (_what, from, expected) => {
    expect(await parse(plainMail({ from, text: "STOP" }))).toMatchObject({ from: expected, text: "STOP" });
  });

  test("says from whom it is, what it answers and what was written, without what is quoted", async () => {
    const older = randomUUID();
    const mail = await parse(
      plainMail({
        from: '"Ana, Lopes" <Ana@Example.org>',
        text: "Yes, gladly!\n\nOn Mon, 30 Nov 2026 at 08:00, Salon <hello@salon.example>\nwrote:\n> Coming? Answer yes or no.",
        headers: `In-Reply-To: ${messageId}\nReferences: <${older}@salon.example>\n\t${messageId}\n`,
      }),
    );
    expect(mail).toMatchObject({
      from: "ana@example.org",
      to: "hello@salon.example",
      subject: "Re: Hi",
      text: "Yes, gladly!",
      answers: [id, older],
      isAutomatic: false,
      isForMany: false,
      ownId: null,
    });
  });

  test("without a Message-ID is the same mail whenever it is read", async () => {
    const raw = plainMail({ from: "ana@example.org", text: "yes", messageId: null, date: new Date(0) });
    const [one, other] = [await parse(raw), await parse(raw)];
    expect(one?.id).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(other?.id).toBe(one?.id);
  });

  test("in HTML alone is read as text, and its files are counted without the pictures of a signature", async () => {
    const mail = await parse(`From: ana@example.org
To: hello@salon.example
Message-ID: <a@b.example>
Subject: Re: Hi
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/html; charset=utf-8

<p>Yes <b>please</b></p><script>alert(1)</script>
--x
Content-Type: image/png
Content-Disposition: inline
Content-Transfer-Encoding: base64

AAAA
--x
Content-Type: application/pdf; name=a.pdf
Content-Disposition: attachment; filename=a.pdf
Content-Transfer-Encoding: base64

AAAA
--x--
`);
    expect(mail).toMatchObject({ text: "Yes please", files: 1 });
  });

  test("that is not all here has its headers and says so", async () => {
    const mail = await parse(plainMail({ from: "ana@example.org", text: "yes" }), false);
    expect(mail).toMatchObject({ from: "ana@example.org", text: expect.stringMatching(/^Re: Hi\n\nThis e-mail is too large/) });
  });

  test.each(["a@b.example, c@d.example", "nobody", "<>", '"x" <a b@c.example>'])(
    "with a sender that is no single address we write to (%s)",
    async (from) => {
      const mail = await parse(plainMail({ from, text: "yes" }));
      expect([null, "a@b.example"]).toContain(mail?.from);
    },
  );
});

describe("a mail that a machine wrote", () => {
  test.each([
    ["an out-of-office note", "Auto-Submitted: auto-replied\n", "Hi"],
    ["an answer of an older program", "Precedence: auto_reply\n", "Hi"],
    ["junk", "Precedence: junk\n", "Hi"],
    ["an answer of cPanel", "X-Autorespond: hello\n", "Hi"],
    ["an answer of another program", "X-Autoreply: yes\n", "Hi"],
    ["one from nobody", "Return-Path: <>\n", "Hi"],
    ["a note that says so in its subject alone", "", "Automatic reply: Hi"],
    ["one in German", "", "Automatische Antwort: Hi"],
    ["one in French", "", "Réponse automatique : Hi"],
  ])("is known: %s", async (_what, headers, subject) => {
    expect(await parse(plainMail({ from: "ana@example.org", text: "I am away", headers, subject }))).toMatchObject({ isAutomatic: true });
  });

  test.each([
    ["which says that it is not", "Auto-Submitted: no\n", "Hi"],
    ["with a word of one in its subject", "", "The automatic door"],
  ])("and one of a person is not taken for one, %s", async (_what, headers, subject) => {
    expect(await parse(plainMail({ from: "ana@example.org", text: "hello", headers, subject }))).toMatchObject({ isAutomatic: false });
  });

  test.each(["List-Id: <news.example>\n", "List-Unsubscribe: <https://x.example>\n", "Precedence: bulk\n"])(
    "that went to many is known: %s",
    async (headers) => {
      expect(await parse(plainMail({ from: "ana@example.org", text: "News", headers }))).toMatchObject({ isForMany: true });
    },
  );
});

describe("a mail that is meant to break the reader", () => {
  test.each([
    ["nothing", ""],
    ["bytes", "\u0000\u0001\u0002\n\n\u0000"],
    ["a boundary that never ends", "From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n--x\n--x\n"],
    ["a type that is none", "From: a@b.example\nContent-Type: ;;;=;\n\nhello"],
    ["base64 that is none", "From: a@b.example\nContent-Transfer-Encoding: base64\n\n!!!!"],
    ["a million angle brackets", `From: a@b.example\nReferences: ${"<".repeat(200_000)}\n\nhello`],
    ["a charset that is none", "From: a@b.example\nContent-Type: text/plain; charset=nonsense\n\nhello"],
    ["a header of encoded words", `From: a@b.example\nSubject: ${"=?utf-8?B?QQ==?= ".repeat(5_000)}\n\nhello`],
    ["a million lines", `From: a@b.example\n\n${"on x\n".repeat(150_000)}`],
  ])("ends soon and throws nothing: %s", async (_what, raw) => {
    const began = performance.now();
    await parse(raw);
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  test("by parts within parts still says from whom it is", async () => {
    const open = Array.from({ length: 200 }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\n\n--b${n}\n`).join("");
    expect(await parse(`From: a@b.example\nSubject: Hi\n${open}Content-Type: text/plain\n\nhello`)).toMatchObject({
      from: "a@b.example",
      text: expect.stringContaining("could not be read"),
    });
  });
});

describe("what somebody wrote", () => {
  test.each([
    ["yes", "yes"],
    ["yes\n\n> Coming?\n> Answer yes", "yes"],
    ["> Coming?\n\nyes", "yes"],
    ["yes\n\nOn Mon, Nov 30, 2026 at 8:00 AM Salon <hello@salon.example> wrote:\n\n> Coming?", "yes"],
    ["On it!\nOn Mon, Nov 30, 2026 at 8:00 AM Salon <hello@salon.example> wrote:\n> Coming?", "On it!"],
    ["ja\n\nAm 30.11.2026 um 08:00 schrieb Salon <hello@salon.example>:\n> Kommst du?", "ja"],
    ["oui\n\nLe lun. 30 nov. 2026 à 08:00, Salon <hello@salon.example> a écrit :\n> Tu viens ?", "oui"],
    ["yes\n\n-----Original Message-----\nFrom: Salon\nComing?", "yes"],
    ["yes\n\nFrom: Salon <hello@salon.example>\nSent: Monday\nTo: Ana\nSubject: Hi\n\nComing?", "yes"],
    ["On Monday the weather was fine.\nI wrote a letter.", "On Monday the weather was fine.\nI wrote a letter."],
    ["> only what is quoted", "> only what is quoted"],
    ["From: the heart, Ana@home", "From: the heart, Ana@home"],
  ])("%j is %j", (text, expected) => {
    expect(visibleText(text)).toBe(expected);
  });
});
