import type { NodeExecutor } from "#engine/flow/node-executor.ts";
import { send } from "#engine/flow/node-executor.ts";
import type { sendSms } from "./definition.ts";

export const executeSendSms: NodeExecutor<typeof sendSms> = ({ config }) =>
  send(
    { channel: "sms", kind: config.kind, text: config.text, leavesWithinSeconds: config.notLaterThanSeconds },
    { onError: config.onError },
  );
