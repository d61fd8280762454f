import { z } from "zod";
import { ChannelName } from "./messages.ts";
import { PageQuery, Timestamp, Uuid } from "./pagination.ts";

/**
 * Why an address is on the suppression list, and whether an admin may take it off. What the person behind the address
 * asked for is not ours to take back: only they can undo it. The SQL function `private.lift_suppression` holds the same rule.
 */
export const suppressionReasons = {
  bounced_before: { text: "The mailbox or number does not exist, said the provider", mayLift: true },
  manual: { text: "Put on the list by hand", mayLift: true },
  maybe_stop: { text: "May have asked for no more messages: read what they wrote, and decide", mayLift: true },
  complaint: { text: "The recipient reported a message as spam", mayLift: false },
  unsubscribe: { text: "The recipient unsubscribed", mayLift: false },
  stop: { text: "The recipient answered STOP", mayLift: false },
  opted_out_sms: { text: "The recipient opted out of SMS", mayLift: false },
  opted_out_email: { text: "The recipient opted out of e-mail", mayLift: false },
  dnc: { text: "The recipient does not want to be contacted", mayLift: false },
} as const;
export type SuppressionReason = keyof typeof suppressionReasons;

const isKnownReason = (reason: string): reason is SuppressionReason => Object.hasOwn(suppressionReasons, reason);

/** Where an entry came from. */
export const suppressionSources = {
  provider: "the provider's answer",
  contact: "the contact",
  import: "an import",
  trial: "an answer that was tried out in test mode",
  person: "a person",
  decided: "what they wrote, as somebody here has read it",
  undecided: "what they wrote, on which nobody decided in time",
} as const;
export const sourceText = (source: string): string =>
  Object.hasOwn(suppressionSources, source) ? suppressionSources[source as keyof typeof suppressionSources] : source;

/**
 * What may mean STOP is decided by a person within two working days of the workspace, or counts as STOP. An opt-out of either kind is one
 * that the recipient did not put in clear words, so an admin may take it back.
 */
const readFromWords: Readonly<Record<string, string>> = {
  decided: "Asked for no more messages, as somebody here has read it",
  undecided: "May have asked for no more messages, and nobody decided in time: it counts as STOP",
};

/** The reason in words. Older rows hold a person's own words, which stand for themselves and cannot be taken back. */
export const suppressionText = ({ reason, source }: Pick<Suppression, "reason" | "source">): string =>
  readFromWords[source] ?? (isKnownReason(reason) ? suppressionReasons[reason].text : reason);
export const mayLift = ({ reason, source }: Pick<Suppression, "reason" | "source">): boolean =>
  Object.hasOwn(readFromWords, source) || (isKnownReason(reason) && suppressionReasons[reason].mayLift);

/** An address to which nothing is sent. It stays on the list when its contacts are deleted. */
export const Suppression = z.object({
  id: Uuid,
  channel: ChannelName,
  address: z.string(),
  /** One of `suppressionReasons`, or a person's own words. */
  reason: z.string(),
  source: z.string(),
  /** The words of the provider, without the address, or of the person. */
  detail: z.string().nullable(),
  mayLift: z.boolean(),
  /** Until when somebody is to decide what the person meant. Null: there is nothing to decide. */
  decideBy: Timestamp.nullable(),
  createdAt: Timestamp,
  /** The contacts that have this address: the first three. */
  contacts: z.array(z.object({ id: Uuid, name: z.string() })),
});
export type Suppression = z.infer<typeof Suppression>;

export const SuppressionListQuery = z.strictObject({
  ...PageQuery.shape,
  channel: ChannelName.optional(),
  /** A part of the address. */
  search: z.string().trim().min(1).max(100).optional(),
  /** Only the addresses of this contact. */
  contactId: Uuid.optional(),
});
export type SuppressionListQuery = z.infer<typeof SuppressionListQuery>;

export const SuppressionPage = z.object({
  items: z.array(Suppression),
  nextCursor: z.string().nullable(),
  /** How many entries match, on all pages. */
  total: z.number().int(),
});

/** Why an admin takes an address off the list. It is kept in the audit log. */
export const SuppressionLift = z.strictObject({ reason: z.string().trim().min(3, "Say why in a few words").max(300) });
