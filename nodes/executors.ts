import type { NodeExecutor } from "#engine/flow/node-executor.ts";
import { executeCondition } from "./condition/executor.ts";
import { executeConsent } from "./consent/executor.ts";
import type { NodeType } from "./definitions.ts";
import { executeDelay } from "./delay/executor.ts";
import { executeEnd } from "./end/executor.ts";
import { executeGoTo } from "./go-to/executor.ts";
import { executeGoal } from "./goal/executor.ts";
import { executeLeaveFlows } from "./leave-flows/executor.ts";
import { executeSendEmail } from "./send-email/executor.ts";
import { executeSendSms } from "./send-sms/executor.ts";
import { executeSetVariable } from "./set-variable/executor.ts";
import { executeSplit } from "./split/executor.ts";
import { executeStart } from "./start/executor.ts";
import { executeStartFlow } from "./start-flow/executor.ts";
import { executeTimeWindow } from "./time-window/executor.ts";
import { executeUpdateContact } from "./update-contact/executor.ts";
import { executeWaitForReply } from "./wait-for-reply/executor.ts";
import { executeWaitUntil } from "./wait-until/executor.ts";
import { executeWebhook } from "./webhook/executor.ts";

/** The executor of every node type. A type without one does not compile. */
export const nodeExecutors = {
  start: executeStart,
  send_sms: executeSendSms,
  send_email: executeSendEmail,
  delay: executeDelay,
  time_window: executeTimeWindow,
  wait_for_reply: executeWaitForReply,
  wait_until: executeWaitUntil,
  update_contact: executeUpdateContact,
  consent: executeConsent,
  condition: executeCondition,
  split: executeSplit,
  set_variable: executeSetVariable,
  go_to: executeGoTo,
  goal: executeGoal,
  webhook: executeWebhook,
  start_flow: executeStartFlow,
  leave_flows: executeLeaveFlows,
  end: executeEnd,
} satisfies { [Type in NodeType]: NodeExecutor<typeof import("./definitions.ts").nodeDefinitions[Type]> };
