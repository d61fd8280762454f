/**
 * The closed list of reasons why a contact was not enrolled, a message was not sent, a step was skipped or failed, or
 * an execution ended. The check before a send, the moment of sending and the history use this one list, so the words
 * are the same everywhere. `who` says who can act on it.
 *
 * Six of them have no writer yet. The channels will write `cap_reached`, `outside_window_waiting` and
 * `outside_window_dropped`; the Send Flow dialog's checks will write `sandbox`, `too_late` and `canary_hold`.
 */
export const reasons = {
  no_phone: { text: "No phone number", who: "operator" },
  bad_phone: { text: "The phone number is not valid", who: "operator" },
  no_email: { text: "No e-mail address", who: "operator" },
  bad_email: { text: "The e-mail address is not valid", who: "operator" },
  opted_out_sms: { text: "Opted out of SMS", who: "contact" },
  opted_out_email: { text: "Opted out of e-mail", who: "contact" },
  dnc: { text: "Marked do-not-contact", who: "operator" },
  bounced_before: { text: "An earlier message to this address bounced", who: "operator" },
  sandbox: { text: "The workspace is in sandbox mode", who: "owner" },
  already_active_here: { text: "Already in this flow", who: "operator" },
  was_here_recently: { text: "Was in this flow before", who: "operator" },
  cap_reached: { text: "The message limit for this contact is reached", who: "owner" },
  outside_window_waiting: { text: "Waiting for the sending hours of the contact", who: "nobody" },
  outside_window_dropped: { text: "Outside the sending hours", who: "operator" },
  too_late: { text: "The time for this message has passed", who: "operator" },
  duplicate_address: { text: "Somebody in this send has the same address", who: "operator" },
  contact_deleted: { text: "The contact was deleted", who: "nobody" },
  send_stopped: { text: "The send was stopped", who: "operator" },
  cancelled: { text: "Ended by a person", who: "operator" },
  undone: { text: "The send was undone", who: "operator" },
  canary_hold: { text: "Held until the first messages are checked", who: "operator" },
  no_provider: { text: "No provider is set up for this channel", who: "owner" },
  template_missing_value: { text: "A merge field of the message has no value for this contact", who: "operator" },
  unsafe_value: { text: "A value of the contact cannot stand in this message", who: "operator" },
  message_too_long: { text: "The message is longer than its channel allows", who: "operator" },
  provider_rejected: { text: "The provider refused the message", who: "operator" },
  provider_unavailable: { text: "The provider could not be reached", who: "owner" },
  sender_refused: { text: "Your mail server refuses the sender address", who: "owner" },
  outcome_unknown: { text: "The provider may or may not have taken the message", who: "operator" },
  timeout: { text: "The provider did not answer in time", who: "owner" },
  goal_reached: { text: "A goal further on was reached", who: "nobody" },
  bad_value: { text: "A value does not fit the field it was meant for", who: "operator" },
  date_unreadable: { text: "The date cannot be read", who: "operator" },
  variables_too_large: { text: "The variables of the execution are larger than 64 KiB together", who: "operator" },
  call_refused: { text: "The address of the webhook may not be called", who: "operator" },
  call_failed: { text: "The webhook answered with an error", who: "operator" },
  call_unreachable: { text: "The address of the webhook could not be reached", who: "operator" },
  call_timeout: { text: "The webhook did not answer in time", who: "operator" },
  answer_unreadable: { text: "The answer of the webhook could not be read", who: "operator" },
  child_failed: { text: "The other flow did not come to its end", who: "operator" },
  child_timeout: { text: "The other flow did not end in time", who: "operator" },
  flow_not_found: { text: "The other flow does not exist any more", who: "operator" },
  flow_invalid: { text: "The other flow cannot be sent as it is", who: "operator" },
  flow_depth: { text: "Flows started each other too deep", who: "operator" },
  left_flows: { text: "Taken out by another flow", who: "operator" },
  parent_ended: { text: "The flow that waited for it has ended", who: "operator" },
  node_limit: { text: "The execution took more steps than a flow may take", who: "operator" },
  permission: { text: "Not permitted", who: "owner" },
  internal: { text: "An error of Sluice itself", who: "support" },
} as const;

export type Reason = keyof typeof reasons;
export const reasonCodes = Object.keys(reasons) as [Reason, ...Reason[]];
