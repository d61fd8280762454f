import type { NodeDefinition } from "#contract/node-definition.ts";
import { condition } from "./condition/definition.ts";
import { consent } from "./consent/definition.ts";
import { delay } from "./delay/definition.ts";
import { end } from "./end/definition.ts";
import { goTo } from "./go-to/definition.ts";
import { goal } from "./goal/definition.ts";
import { leaveFlows } from "./leave-flows/definition.ts";
import { sendEmail } from "./send-email/definition.ts";
import { sendSms } from "./send-sms/definition.ts";
import { setVariable } from "./set-variable/definition.ts";
import { split } from "./split/definition.ts";
import { start } from "./start/definition.ts";
import { startFlow } from "./start-flow/definition.ts";
import { timeWindow } from "./time-window/definition.ts";
import { updateContact } from "./update-contact/definition.ts";
import { waitForReply } from "./wait-for-reply/definition.ts";
import { waitUntil } from "./wait-until/definition.ts";
import { webhook } from "./webhook/definition.ts";

/** Every node type, in the order in which a palette shows them. Both halves load this list. */
export const nodeDefinitions = {
  start,
  send_sms: sendSms,
  send_email: sendEmail,
  delay,
  time_window: timeWindow,
  wait_for_reply: waitForReply,
  wait_until: waitUntil,
  update_contact: updateContact,
  consent,
  condition,
  split,
  set_variable: setVariable,
  go_to: goTo,
  goal,
  webhook,
  start_flow: startFlow,
  leave_flows: leaveFlows,
  end,
} as const satisfies Record<string, NodeDefinition>;

export type NodeType = keyof typeof nodeDefinitions;

export function findDefinition(type: string): NodeDefinition | undefined {
  return Object.hasOwn(nodeDefinitions, type) ? nodeDefinitions[type as NodeType] : undefined;
}
