import { createHash } from "node:crypto";
import { convert } from "html-to-text";
import PostalMime, { type Address, type Attachment, type Email } from "postal-mime";
import { isSendableEmail, withPlainDomain } from "#contract/email-address.ts";
import { storableText } from "#contract/storable.ts";
import type { IncomingMail, MailReport } from "../../mailbox.ts";
import { type HeaderOf, isAutomaticMail, isMailForMany } from "./automatic-mail.ts";
import { readDeliveryStatus } from "./delivery-status.ts";
import { readFeedbackReport } from "./feedback-report.ts";
import { idsIn, ownIdHeader, ownIdOf } from "./our-message-id.ts";
import { readFieldGroups } from "./report-fields.ts";
import { visibleText } from "./visible-text.ts";

/** A header of many encoded words takes the parser more than its length in time, so there may be no more of it than mails have. */
const limits = { maxNestingDepth: 40, maxHeadersSize: 64 * 1024 };
const longestHtml = 512 * 1024;
const longestSubject = 300;
const longestFrom = 254;
const mostAnswers = 20;
/** These words stand in place of a text that was not read. */
const tooLarge =
  "This e-mail is too large (larger than 1 MiB, or of very many lines), so only its headers were read. It is in the mailbox.";
const unreadable = "The text of this e-mail could not be read. It is in the mailbox.";

/**
 * Makes sense of a mail. `isWhole`: all of it is here; of one that is not, the text is left out, because what is left of it may say something
 * else than the whole. Undefined where no sense can be made of it.
 */
export async function parseMail(given: Buffer, { isWhole: isAll }: { isWhole: boolean }): Promise<IncomingMail | undefined> {
  const source = firstLines(given);
  const isWhole = isAll && source.length === given.length;
  const whole = await tryParse(source);
  const email = whole ?? (await tryParse(headOf(source)));
  if (!email) return undefined;
  const header = headersOf(email);
  const from = senderOf(email);
  const subject = (email.subject ?? "").replaceAll(/\s+/g, " ").trim().slice(0, longestSubject);
  const isReport = /^\s*multipart\/report\b/i.test(header("content-type") ?? "");
  return {
    id: idOf(email, source),
    from,
    to: addressesOf([...(email.to ?? []), ...(email.cc ?? [])])[0] ?? null,
    subject,
    text: isWhole && whole ? textOf(whole, subject) : `${subject}\n\n${isWhole ? unreadable : tooLarge}`.trim(),
    files: isReport ? 0 : email.attachments.filter(isFile).length,
    isAutomatic: isAutomaticMail(header, { from, subject }),
    isForMany: isMailForMany(header),
    ownId: ownIdOf({ own: header(ownIdHeader.toLowerCase()), messageId: email.messageId }),
    answers: answersOf(email),
    writtenAt: dateOf(email.date),
    ...(isReport && { report: readReport(email) }),
  };
}

async function tryParse(source: Buffer): Promise<Email | undefined> {
  try {
    // A nested mail is what a report returns. It is looked at for its headers and never read as a text of the person.
    return await PostalMime.parse(source, { ...limits, forceRfc822Attachments: true });
  } catch {
    return undefined;
  }
}

/** Each line costs the parser time, in which the process does nothing else. A mail of 1 MiB has half as many. */
const mostLines = 30_000;

function firstLines(source: Buffer): Buffer {
  let end = -1;
  for (let line = 0; line < mostLines; line += 1) {
    end = source.indexOf(10, end + 1);
    if (end === -1) return source;
  }
  return source.subarray(0, end + 1);
}

/** The headers alone. A mail whose parts no parser follows still says from whom it is. */
function headOf(source: Buffer): Buffer {
  const end = source.indexOf("\r\n\r\n");
  return source.subarray(0, Math.min(end === -1 ? source.length : end + 4, limits.maxHeadersSize));
}

function headersOf({ headers }: Email): HeaderOf {
  const first = new Map<string, string>();
  for (const { key, value } of headers) if (!first.has(key)) first.set(key, value);
  return (name) => first.get(name);
}

const addressesOf = (list: readonly Address[]): string[] =>
  list
    .flatMap((one) => (one.group === undefined ? [one.address] : one.group.map(({ address }) => address)))
    .map((address) => withPlainDomain(address.trim()).toLowerCase())
    .filter(isSendableEmail);

/** This is one address, in any script, to which nothing can be sent. A message of ours may be answered from it. */
const foreignAddress = /^[^\s@,;:<>()"[\]\\]+@[^\s@,;:<>()"[\]\\]+\.[^\s@,;:<>()"[\]\\]+$/u;

function senderOf({ from }: Email): string | null {
  if (!from) return null;
  const written = storableText(from.address ?? "").trim();
  return addressesOf([from])[0] ?? (written.length <= longestFrom && foreignAddress.test(written) ? written.toLowerCase() : null);
}

/** A mail without a Message-ID is known by its bytes. */
const idOf = ({ messageId }: Email, source: Buffer): string =>
  messageId && messageId.length <= 190 ? messageId : `sha256:${createHash("sha256").update(source).digest("hex")}`;

/** In-Reply-To names the mail that is answered. References names the whole thread, the last one nearest. */
const answersOf = ({ inReplyTo, references }: Email): string[] => [
  ...new Set([...idsIn(inReplyTo), ...idsIn(references).reverse()].slice(0, mostAnswers)),
];

function dateOf(text: string | undefined): Date | null {
  const date = new Date(text ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

function textOf({ text, html }: Email, subject: string): string {
  const plain = text?.trim()
    ? text
    : html
      ? convert(html.slice(0, longestHtml), { wordwrap: false, selectors: [{ selector: "img", format: "skip" }] })
      : "";
  return visibleText(plain) || subject;
}

/** Pictures of a signature are no files that somebody sent. */
const isFile = ({ disposition, related, mimeType }: Attachment): boolean =>
  !related && (disposition === "attachment" || !mimeType.startsWith("image/"));

/** Reads the report on a message of ours. It names the message by what it returns of it: the mail, or its headers. */
function readReport({ attachments }: Email): MailReport[] {
  const part = (...types: string[]) => attachments.find(({ mimeType }) => types.includes(mimeType.toLowerCase()));
  const returned = part("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers");
  const messageId = returned && ownIdInHeaders(contentOf(returned));
  if (!messageId) return [];
  const status = part("message/delivery-status", "message/global-delivery-status");
  if (status) return readDeliveryStatus(contentOf(status), messageId);
  const feedback = part("message/feedback-report");
  return feedback ? readFeedbackReport(contentOf(feedback), messageId) : [];
}

function ownIdInHeaders(content: string): string | null {
  // The first group of fields is the headers.
  const [headers] = readFieldGroups(content.trimStart());
  return ownIdOf({ own: headers?.get(ownIdHeader.toLowerCase()), messageId: headers?.get("message-id") });
}

function contentOf({ content }: Attachment): string {
  if (typeof content === "string") return content;
  return Buffer.from(content instanceof ArrayBuffer ? new Uint8Array(content) : content).toString("utf8");
}
