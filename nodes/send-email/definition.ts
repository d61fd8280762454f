import { z } from "zod";
import { defineNode } from "#contract/node-definition.ts";
import { describeMessageResult, messageOutput } from "../results/message.ts";
import { onError, requiredTemplateText, templateText } from "../values/template-text.ts";

export const sendEmail = defineNode({
  type: "send_email",
  label: "Send e-mail",
  description: "Sends an e-mail to the contact's address.",
  category: "message",
  channel: "email",
  config: z.strictObject({
    subject: requiredTemplateText(500, "The subject"),
    text: requiredTemplateText(32_768, "The text of the e-mail"),
    html: templateText(32_768).optional(),
    onError,
  }),
  defaults: {
    subject: 'Hello {{ firstname | default: "there" }}',
    text: 'Hello {{ firstname | default: "there" }},\n',
    onError: "stop",
  },
  output: messageOutput,
  personal: [],
  describeResult: describeMessageResult,
  exits: () => [
    { handle: "sent", label: "Sent" },
    { handle: "skipped", label: "Skipped", optional: true },
    { handle: "failed", label: "Failed", optional: true },
  ],
});
