import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { TextSource } from "../execution/chunk.ts";
import { readField, sourcesOf } from "../execution/field-reader.ts";
import type { MessageDraft } from "../flow/node-executor.ts";
import { renderText } from "../flow/render-template.ts";
import type { Rendered, TemplateTarget } from "../flow/template.ts";
import { type ShortLink, type Tracking, trackLinks } from "./track-links.ts";
import { addUnsubscribeFooter } from "./unsubscribe-footer.ts";

export interface Composed {
  subject: string | null;
  text: string;
  html: string | null;
}

export type ComposeResult =
  | { message: Composed; shortLinks: readonly ShortLink[]; refusal?: undefined; fields?: undefined }
  | { refusal: Reason; fields?: readonly string[]; message?: undefined };

/** What the links of one message are. */
export interface LinksOfMessage {
  unsubscribeUrl?: string | undefined;
  /** Absent where nothing is noted of the message. */
  tracking?: Tracking | undefined;
}

/** What the rendered text of a message is escaped and limited for. */
const textTarget: Record<Channel, TemplateTarget> = { sms: "sms", email: "text" };

/**
 * Fills in the merge fields for one contact, or says why this message must not leave. A marketing e-mail with `unsubscribeUrl` ends with it
 * and with the postal address of the workspace. With `tracking`, its links lead through this instance.
 * @throws WorkLimitExceeded where they are too many
 */
export function composeMessage(
  draft: MessageDraft,
  execution: TextSource,
  { unsubscribeUrl, tracking }: LinksOfMessage = {},
): ComposeResult {
  const {
    send,
    memory: { contact },
  } = execution;
  if (!contact) return { refusal: "contact_deleted" };
  const sources = sourcesOf(execution, contact.fields);
  const url = canBeUnsubscribed(draft) ? unsubscribeUrl : undefined;
  const who = { contact: contact.fields, workspace: send.workspace, work: execution.work };
  const render = (text: string, target: TemplateTarget) =>
    renderText(text, target, (path) => (isUnsubscribeUrl(path) ? url : undefined) ?? readField(sources, path), who);

  const subject = draft.subject === undefined ? undefined : render(draft.subject, "header");
  const text = render(draft.text, textTarget[draft.channel]);
  const html = draft.html === undefined ? undefined : render(draft.html, "html");
  const all = [subject, text, html].filter((part) => part !== undefined);

  const fields = [...new Set(all.flatMap((part) => part.missing ?? []))];
  if (fields.length > 0) return { refusal: "template_missing_value", fields };
  const problem = all.find((part) => part.problem !== undefined)?.problem;
  if (problem !== undefined) return { refusal: refusals[problem] };
  const filled = { subject: subject?.text ?? null, text: text.text ?? "", html: html?.text ?? null };
  const message = url === undefined ? filled : addUnsubscribeFooter(filled, { url, contact: contact.fields, workspace: send.workspace });
  return tracking ? trackLinks(message, draft.channel, tracking) : { message, shortLinks: [] };
}

/** Receipts and answers are no list that anybody could leave. */
export const canBeUnsubscribed = ({ channel, kind }: Pick<MessageDraft, "channel" | "kind">) => channel === "email" && kind === "marketing";

/** `{{ unsubscribe_url }}`: where the author wants the link to stand. */
const isUnsubscribeUrl = (path: readonly string[]) => path.length === 1 && path[0] === "unsubscribe_url";

const refusals: Record<NonNullable<Rendered["problem"]>, Reason> = {
  syntax: "internal",
  unsafe_value: "unsafe_value",
  too_long: "message_too_long",
};
