import MailComposer from "nodemailer/lib/mail-composer";
import type { OutgoingMessage } from "../../channel.ts";
import type { SmtpSettings } from "./settings.ts";

export interface ComposedMail {
  messageId: string;
  envelope: { from: string; to: string; size: number };
  raw: Buffer;
}

/**
 * The mail as bytes. Addresses go in as objects and the envelope is written by us, so that no free string is ever
 * parsed for addresses; files and URLs are never read, whatever a text may look like.
 */
export async function composeMail(message: OutgoingMessage, to: string, settings: SmtpSettings): Promise<ComposedMail> {
  const messageId = messageIdOf(message.id, settings.fromAddress);
  const composer = new MailComposer({
    messageId,
    from: { name: headerText(settings.fromName), address: settings.fromAddress },
    to: { name: "", address: to },
    ...(settings.replyTo ? { replyTo: { name: "", address: settings.replyTo } } : {}),
    subject: headerText(message.subject ?? ""),
    text: message.text,
    ...(message.html ? { html: message.html } : {}),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const raw = await composer.compile().build();
  return { messageId, envelope: { from: settings.fromAddress, to, size: raw.length }, raw };
}

/**
 * The same for every attempt of a message: a mailbox that shows a message once per id shows a repeated one once, and
 * what bounces can be matched.
 */
export function messageIdOf(id: string, fromAddress: string): string {
  return `<${id}@${fromAddress.slice(fromAddress.lastIndexOf("@") + 1)}>`;
}

/** A line break in a header begins a new header; a name or subject with one was typed or merged by mistake. */
function headerText(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}
