import { channelRefusals, type Reason, reasons } from "#contract/reasons.ts";

const mending: Record<(typeof reasons)[Reason]["who"], string> = {
  operator: "You can fix this.",
  owner: "An owner or admin of the workspace can fix this in Settings.",
  contact: "Only the contact can change this.",
  nobody: "Nothing needs to be fixed.",
  support: "This is our fault. The server's log says more.",
};

const atContact: readonly Reason[] = [
  ...(["no_phone", "bad_phone", "no_email", "bad_email", "opted_out_sms", "opted_out_email", "dnc", "bounced_before"] as const),
  ...(["template_missing_value", "unsafe_value", "date_unreadable", "bad_value", "duplicate_address"] as const),
  ...(["unknown_number", "landline"] as const),
];
const atFlow: readonly Reason[] = [
  ...(["message_too_long", "call_refused", "call_failed", "call_unreachable", "call_timeout", "answer_unreadable"] as const),
  ...(["flow_not_found", "flow_archived", "flow_invalid", "flow_depth", "node_limit", "variables_too_large"] as const),
];
const atChannels: readonly Reason[] = [
  ...(["test_mode", "no_provider", "provider_unavailable", "sender_refused", "timeout", "country_not_allowed"] as const),
  ...channelRefusals,
];

/** Where something can be done about a reason, if there is one such place. */
export const placeToFix = (reason: Reason): "contact" | "flow" | "channels" | null => {
  if (atContact.includes(reason)) return "contact";
  if (atFlow.includes(reason)) return "flow";
  return atChannels.includes(reason) ? "channels" : null;
};

/** A reason in words, and who can do something about it. */
export const reasonWords = (code: Reason): { text: string; mend: string } => ({
  text: reasons[code].text,
  mend: mending[reasons[code].who],
});
