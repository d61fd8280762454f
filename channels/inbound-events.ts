import type { Reason } from "#contract/reasons.ts";

/**
 * A provider's report about a message that it took from us. `taken`: it has the message. `sent`: it has handed the message
 * on. `delivered` and `undelivered` are final, and whichever comes first stays.
 */
export interface DeliveryReport {
  kind: "delivery";
  /** Our id of the message, where the report carries it. */
  messageId?: string;
  providerMessageId: string;
  /** The addresses that the report is about, in lower case, where it names them. It says nothing about others. */
  recipients?: readonly string[];
  status: "taken" | "sent" | "delivered" | "undelivered";
  reason?: Reason;
  /** Why it was not delivered, in words for people. */
  message?: string;
  /** As in a SendResult: the address does not exist; after how many such reports it counts as such. */
  invalidatesAddress?: { after: number };
  /** As in a SendResult. */
  optedOut?: boolean;
  /** As in a SendResult. */
  pausesChannel?: boolean;
}

/** A message that a person sent to the workspace. */
export interface ReceivedMessage {
  kind: "received";
  providerMessageId: string;
  from: string;
  to: string;
  text: string;
  /** Files that came with it. They are counted and not fetched. */
  files: number;
  /** Our id of the message that it answers, where it names one. */
  answers?: string;
  /** The provider answers this HELP by itself. */
  providerAnswersHelp?: boolean;
  /** The provider itself has stopped messages to this person by it, or lets them through again. */
  providerHeard?: "stop" | "start";
  /** When it was written, where the provider tells. */
  writtenAt?: Date;
  /** A machine wrote it, such as an out-of-office note. It is kept, and is no reply. */
  automatic?: boolean;
}

/** A report that says nothing we know. It is kept, so that people can see that it came. */
export interface UnclearReport {
  kind: "unclear";
  providerMessageId: string;
  /** The part that was not understood, such as a status. */
  what: string;
}

/** The person has reported one of our messages as spam, or has unsubscribed at the provider. It says nothing about its delivery. */
export interface RefusedReport {
  kind: "refused";
  messageId?: string;
  providerMessageId: string;
  /** A reason of the suppression list. */
  reason: "complaint" | "unsubscribe";
}

export type InboundEvent = DeliveryReport | ReceivedMessage | RefusedReport | UnclearReport;
