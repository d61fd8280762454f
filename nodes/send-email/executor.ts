import type { NodeExecutor } from "#engine/flow/node-executor.ts";
import { send } from "#engine/flow/node-executor.ts";
import type { sendEmail } from "./definition.ts";

export const executeSendEmail: NodeExecutor<typeof sendEmail> = ({ config }) =>
  send({ channel: "email", subject: config.subject, text: config.text, html: config.html || undefined }, { onError: config.onError });
