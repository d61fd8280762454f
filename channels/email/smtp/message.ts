import MailComposer from "nodemailer/lib/mail-composer";
import type { OutgoingMessage } from "../../channel.ts";
import { listHeaders } from "../list-headers.ts";
import { ownIdHeader } from "../mailbox/our-message-id.ts";
import type { SmtpSettings } from "./settings.ts";

export interface ComposedMail {
  messageId: string;
  envelope: { from: string; to: string; size: number };
  raw: Buffer;
}

/**
 * Writes the mail as bytes. Addresses are passed as objects and the envelope is our own, so the library never parses a
 * free string for addresses. It may not read files or URLs either.
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
    // Reports return the headers. Some servers put a Message-ID of their own in the place of ours.
    headers: { ...listHeaders(message), [ownIdHeader]: message.id },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const raw = await composer.compile().build();
  return { messageId, envelope: { from: settings.fromAddress, to, size: raw.length }, raw };
}

/**
 * Every attempt of a message has the same Message-ID. A mailbox that shows each id once then shows a repeated message
 * once, and a bounce can be matched with its message.
 */
export function messageIdOf(id: string, fromAddress: string): string {
  return `<${id}@${fromAddress.slice(fromAddress.lastIndexOf("@") + 1)}>`;
}

/** Removes line breaks, because a line break in a name or subject would begin a new header. */
function headerText(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}
