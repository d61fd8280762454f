import type { RawReader } from "./raw-values.ts";
import { checkChannel, checkRecipients, checkWait } from "./recipients.ts";
import { choice, type Note, step, type Translate, withoutEffect } from "./translation.ts";

const media = ["imageurl", "image", "mediaurl", "mediaurls", "media", "fileurl", "file", "files", "attachments"];
const senders = ["sendernumber", "fromnumber", "from", "sender", "senderid"];

/** A message that is written elsewhere and named by its id cannot be read from here. */
const isElsewhere = (settings: RawReader): boolean => settings.take("messageid", "templateid") !== undefined;

export const translateSms: Translate = (settings) => {
  const text = settings.text("text", "content", "message", "body", "messagetext", "messagecontent", "sms");
  const notes: Note[] = [];
  const elsewhere = isElsewhere(settings);
  if (text === undefined && elsewhere)
    notes.push(choice("Its text is stored in the product that it comes from, by an id. Write the text here."));
  if (settings.take(...media) !== undefined) notes.push(withoutEffect("Pictures and files are not sent: an SMS from here is text."));
  if (settings.take(...senders) !== undefined) notes.push(withoutEffect("The number it was sent from. Here it is set for the workspace."));
  notes.push(...checkRecipients(settings), ...checkChannel(settings, "sms"), ...checkWait(settings));
  return step("send_sms", { text: text ?? "" }, notes);
};

const holdsTags = (text: string): boolean => /<(?:!doctype|[a-z][a-z0-9]*)\b[^>]*>/i.test(text);

export const translateEmail: Translate = (settings) => {
  const subject = settings.text("subject", "title", "subjectline") ?? "";
  const html = settings.text("html", "htmlbody", "bodyhtml", "htmlcontent");
  const body = settings.text("body", "content", "emailbody", "message", "text", "textbody", "plaintext");
  const notes: Note[] = [];
  if (html === undefined && body === undefined && isElsewhere(settings)) {
    notes.push(choice("Its text is stored in the product that it comes from, by an id. Write the text here."));
  }
  if (settings.take(...senders, "fromname", "fromemail", "replyto") !== undefined) {
    notes.push(withoutEffect("The sender. Here it is set for the workspace."));
  }
  if (settings.take(...media) !== undefined) notes.push(withoutEffect("Attachments are not sent."));
  notes.push(...checkRecipients(settings), ...checkChannel(settings, "email"), ...checkWait(settings));
  const markup = html ?? (body !== undefined && holdsTags(body) ? body : undefined);
  // Where only HTML came in, the plain text is made from it when the message leaves.
  const text = body !== undefined && body !== markup ? body : markup === undefined ? "" : undefined;
  return step("send_email", { subject, ...(text !== undefined && { text }), ...(markup !== undefined && { html: markup }) }, notes);
};
