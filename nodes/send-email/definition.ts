import { z } from "zod";
import { MessageKindSetting } from "#contract/message-kinds.ts";
import { defineNode } from "#contract/node-definition.ts";
import { describeMessageResult, messageOutput } from "../results/message.ts";
import { notLaterThanSeconds, onError, requiredTemplateText, templateText } from "../values/template-text.ts";

/** Characters. Mail programs cut longer ones off: Gmail at 102 KB. */
export const longestEmailHtml = 100_000;

export const sendEmail = defineNode({
  type: "send_email",
  label: "Send e-mail",
  description: "Sends an e-mail to the contact's address.",
  category: "message",
  needs: () => [],
  channel: "email",
  config: z
    .strictObject({
      subject: requiredTemplateText(500, "The subject"),
      /** What is shown where HTML is not. Without it, it is made from the HTML. */
      text: templateText(32_768).default(""),
      /** What may not be sent of it, such as a script, is taken away before it is. */
      html: templateText(longestEmailHtml).optional(),
      kind: MessageKindSetting,
      notLaterThanSeconds,
      onError,
    })
    .refine(({ text, html }) => text.trim() !== "" || (html ?? "").trim() !== "", {
      path: ["html"],
      message: "The text of the e-mail is empty",
    }),
  defaults: {
    subject: 'Hello {{ firstname | default: "there" }}',
    html: '<p>Hello {{ firstname | default: "there" }},</p>',
    onError: "stop",
  },
  output: messageOutput,
  personal: ["country", "zone"],
  describeResult: describeMessageResult,
  names: { templates: ["subject", "text", "html"] },
  exits: () => [
    { handle: "sent", label: "Sent" },
    { handle: "skipped", label: "Skipped", optional: true },
    { handle: "failed", label: "Failed", optional: true },
  ],
});
