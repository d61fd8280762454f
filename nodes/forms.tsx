import { conditionForm } from "./condition/form.tsx";
import { consentForm } from "./consent/form.tsx";
import type { NodeType, nodeDefinitions } from "./definitions.ts";
import { delayForm } from "./delay/form.tsx";
import { endForm } from "./end/form.tsx";
import { goToForm } from "./go-to/form.tsx";
import { goalForm } from "./goal/form.tsx";
import { leaveFlowsForm } from "./leave-flows/form.tsx";
import type { NodeForm } from "./node-form.tsx";
import { sendEmailForm } from "./send-email/form.tsx";
import { sendSmsForm } from "./send-sms/form.tsx";
import { setVariableForm } from "./set-variable/form.tsx";
import { splitForm } from "./split/form.tsx";
import { startForm } from "./start/form.tsx";
import { startFlowForm } from "./start-flow/form.tsx";
import { timeWindowForm } from "./time-window/form.tsx";
import { updateContactForm } from "./update-contact/form.tsx";
import { waitForReplyForm } from "./wait-for-reply/form.tsx";
import { waitUntilForm } from "./wait-until/form.tsx";
import { webhookForm } from "./webhook/form.tsx";

/** The form of every node type. A type without one does not compile. */
export const nodeForms = {
  start: startForm,
  send_sms: sendSmsForm,
  send_email: sendEmailForm,
  delay: delayForm,
  time_window: timeWindowForm,
  wait_for_reply: waitForReplyForm,
  wait_until: waitUntilForm,
  update_contact: updateContactForm,
  consent: consentForm,
  condition: conditionForm,
  split: splitForm,
  set_variable: setVariableForm,
  go_to: goToForm,
  goal: goalForm,
  webhook: webhookForm,
  start_flow: startFlowForm,
  leave_flows: leaveFlowsForm,
  end: endForm,
} as const satisfies { [Type in NodeType]: NodeForm<(typeof nodeDefinitions)[Type]> };
