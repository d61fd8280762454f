import { z } from "zod";
import { Timestamp, Uuid } from "./pagination.ts";
import type { Reason } from "./reasons.ts";
import { reasonCodes } from "./reasons.ts";

/**
 * How a reason may be gone after a send:
 * - `entry`: the contact was left out, and is asked again whether they may enter
 * - `recipient`: a message was skipped, and the check of its recipient lets it through now
 * - `other_address`: the message was refused at an address, and the contact has another one now
 * - `provider`: the message failed because of its provider, which has answered since
 * A reason that is not here never heals: nobody knows whether the message left, its time is over, or a person decided so.
 */
export const healing = {
  entry_rule: "entry",
  already_active_here: "entry",
  was_here_recently: "entry",
  send_condition: "entry",
  in_another_flow: "entry",
  messaged_recently: "entry",
  no_recent_reply: "entry",
  contact_deleted: "entry",
  no_phone: "recipient",
  bad_phone: "recipient",
  no_email: "recipient",
  bad_email: "recipient",
  country_not_allowed: "recipient",
  opted_out_sms: "recipient",
  opted_out_email: "recipient",
  no_consent: "recipient",
  dnc: "recipient",
  maybe_stop: "recipient",
  bounced_before: "recipient",
  sandbox: "recipient",
  duplicate_address: "recipient",
  provider_rejected: "other_address",
  unknown_number: "other_address",
  landline: "other_address",
  phone_unreachable: "other_address",
  carrier_blocked: "other_address",
  mailbox_not_found: "other_address",
  mailbox_unavailable: "other_address",
  country_not_enabled: "other_address",
  no_provider: "provider",
  provider_unavailable: "provider",
  sender_refused: "provider",
  credentials_refused: "provider",
  account_suspended: "provider",
  sender_not_registered: "provider",
} as const satisfies Partial<Record<Reason, "entry" | "recipient" | "other_address" | "provider">>;

export type Healing = (typeof healing)[keyof typeof healing];

/** The reasons that may be gone in one of these ways. */
export const reasonsThatHeal = (...ways: readonly Healing[]): Reason[] =>
  (Object.keys(healing) as (keyof typeof healing)[]).filter((reason) => ways.includes(healing[reason]));

/** Why nobody can be sent to in a send any more, or not yet. */
export const healingBars = [
  "awaits_approval",
  "enrolling",
  "few_first",
  "not_begun",
  "over",
  "is_test",
  "too_late",
  "flow_archived",
  "flow_gone",
  "forgotten",
] as const;
export type HealingBar = (typeof healingBars)[number];

export const healingBarWords: Record<HealingBar, string> = {
  awaits_approval: "The send waits for approval, so nobody is in it yet. Wait until it is approved.",
  few_first: "The send begins with a few, and the rest waits until the first messages are checked. Wait until the rest has followed.",
  enrolling: "The send is still taking in its contacts. Wait until all of them are in.",
  not_begun: "The send has not begun yet. Wait until it has.",
  over: "The send was stopped or undone. Start a new send instead.",
  is_test: "A test reaches nobody. Send the flow instead.",
  too_late: "The time after which nothing of this send may leave has passed. Start a new send instead.",
  flow_archived: "The flow is archived, so nobody can enter it. Unarchive it first.",
  flow_gone: "The flow was deleted. Restore it from the bin first.",
  forgotten: "Whom this send leaves out was erased together with its contacts. Start a new send instead.",
};

/** A press that needs an approval is refused. It is asked for by a send of its own; one that was approved is gone on with by another admin. */
export const healingApprovalWords = {
  new_send: "By the rules of this workspace this needs an approval. Make a new send to these contacts, which asks for it.",
  other_admin: "By the rules of this workspace this needs an approval. Let an admin send to them who did not ask for this send.",
} as const;
const healingApprovals = ["new_send", "other_admin"] as const satisfies (keyof typeof healingApprovalWords)[];
export type HealingApproval = (typeof healingApprovals)[number];

/** A press tells of itself while it runs and after it. */
export const HealingRun = z.object({
  isRunning: z.boolean(),
  startedAt: Timestamp,
  startedById: Uuid.nullable(),
  startedByName: z.string().nullable(),
  /** Contacts that had been left out and were enrolled. */
  enrolled: z.number().int(),
  /** Contacts whose flow went on at the message that had not left. */
  continued: z.number().int(),
});
export type HealingRun = z.infer<typeof HealingRun>;

/** The contacts of a send that can be reached now and were not. */
export const SendHealing = z.object({
  /** Why nobody can be sent to; null where they can. All figures are 0 then. */
  bar: z.enum(healingBars).nullable(),
  /** How many contacts the press would send to. */
  contacts: z.number().int(),
  /** False: the send is so large that only a part of it was looked at, and `contacts` are those found there. */
  isWhole: z.boolean(),
  /** The same contacts, by the reason that is gone. */
  byReason: z.array(z.object({ reason: z.enum(reasonCodes), contacts: z.number().int() })),
  /** Contacts who can be reached now, and who are not sent to: later messages of the flow have left for them and would leave again. */
  wouldRepeat: z.number().int(),
  /** How the caller has to get an approval before the press; null where they need none. */
  approval: z.enum(healingApprovals).nullable(),
  /** The last press; null where there was none. */
  last: HealingRun.nullable(),
});
export type SendHealing = z.infer<typeof SendHealing>;

export const HealResult = z.object({ success: z.literal(true), healing: HealingRun });
