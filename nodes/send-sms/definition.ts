import { z } from "zod";
import { MessageKindSetting } from "#contract/message-kinds.ts";
import { defineNode } from "#contract/node-definition.ts";
import { describeMessageResult, messageOutput } from "../results/message.ts";
import { notLaterThanSeconds, onError, requiredTemplateText } from "../values/template-text.ts";

export const sendSms = defineNode({
  type: "send_sms",
  label: "Send SMS",
  description: "Sends a text message to the contact's number.",
  category: "message",
  needs: () => [],
  channel: "sms",
  config: z.strictObject({
    text: requiredTemplateText(1600, "The text of the message"),
    kind: MessageKindSetting,
    notLaterThanSeconds,
    onError,
  }),
  defaults: { text: 'Hi {{ firstname | default: "there" }}', onError: "stop" },
  output: messageOutput,
  personal: ["country", "zone"],
  describeResult: describeMessageResult,
  names: { templates: ["text"] },
  exits: () => [
    { handle: "sent", label: "Sent" },
    { handle: "skipped", label: "Skipped", optional: true },
    { handle: "failed", label: "Failed", optional: true },
  ],
});
