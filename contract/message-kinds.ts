import { z } from "zod";

/**
 * What a message is for. `marketing` is the strictest and what a step sends unless told otherwise. `transactional`: something
 * the person expects of what they did, such as a receipt or an appointment. `conversational`: an answer to what they wrote.
 */
export const messageKinds = ["marketing", "transactional", "conversational"] as const;
export type MessageKind = (typeof messageKinds)[number];

/** For so long after somebody wrote, an answer may reach their phone at any hour. Later it keeps the hours, as if nobody had asked. */
export const answerHours = 24;

/** The setting of a step that sends. Flows from before there were kinds send marketing. */
export const MessageKindSetting = z.enum(messageKinds).default("marketing");

/** Reasons on the suppression list that close an address for marketing alone. Every other one closes it for all kinds. */
export const closingMarketingAlone: readonly string[] = ["maybe_stop", "unsubscribe", "complaint"];

/**
 * Reasons on the suppression list by which an address is not closed for what leaves. `help`: the answer to HELP reaches also who has
 * stopped all messages, because they have just asked for this one.
 */
export const openDespite: Readonly<Record<MessageKind | "help", readonly string[]>> = {
  marketing: [],
  transactional: closingMarketingAlone,
  conversational: closingMarketingAlone,
  help: [...closingMarketingAlone, "stop", "opted_out_sms"],
};

/** Of two reasons for one person the one that closes more: what stands on the list for the address, and what was asked for under an earlier one. */
export const closesMore = (listed: string | null, before: string | null): string | null =>
  before === null || (listed !== null && !closingMarketingAlone.includes(listed)) ? listed : before;

/** Whether an address with this reason on the suppression list is closed for messages of this kind. */
export const isClosedFor = (kind: MessageKind | "help", suppressed: string): boolean => !openDespite[kind].includes(suppressed);
