import type { NodeExecutor } from "#engine/flow/node-executor.ts";
import { send } from "#engine/flow/node-executor.ts";
import type { sendEmail } from "./definition.ts";
import { cleanEmailHtml } from "./email-html.ts";
import { plainText } from "./plain-text.ts";

/** Versions are older than the rules of today, and rows of flows can be written past the API: what leaves is cleaned here. */
export const executeSendEmail: NodeExecutor<typeof sendEmail> = ({
  config: { subject, text, html, kind, notLaterThanSeconds, onError },
}) => {
  const cleaned = html ? cleanEmailHtml(html).html : undefined;
  const written = text.trim() === "" && cleaned !== undefined ? plainText(cleaned) : text;
  return send({ channel: "email", kind, subject, text: written, html: cleaned, leavesWithinSeconds: notLaterThanSeconds }, { onError });
};
