import type { IncomingHttpHeaders } from "node:http";
import type { z } from "zod";
import type { Problem } from "#contract/api-errors.ts";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Provider } from "./channel.ts";
import type { OperatorRules, ProviderDefinition } from "./provider-definition.ts";

/** How a provider sends. `D` is its definition, which says what settings and secrets it gets. */
export interface ProviderSend<D extends ProviderDefinition = ProviderDefinition> {
  /** Everything that keeps the settings from being used beyond their shape; paths are those of the request. */
  problems?(settings: z.output<D["settings"]>, rules: OperatorRules): Problem[];
  open(given: ProviderAccount<D> & Opening): Provider;
}

/** A provider is opened with this, besides its settings and secrets. */
export interface Opening {
  name: string;
  channel: Channel;
  rules: OperatorRules;
  /** Where the provider reports what became of messages. Undefined where this instance has no address for it. */
  inboundUrl?: string | undefined;
}

/** The account of one workspace at a provider. */
export interface ProviderAccount<D extends ProviderDefinition = ProviderDefinition> {
  settings: z.output<D["settings"]>;
  secrets: z.output<D["secrets"]>;
}

/** A request that a provider makes to us, before anything in it was parsed. */
export interface InboundRequest {
  /** The address as the provider called it, from PUBLIC_URL: some providers sign it. */
  url: string;
  headers: IncomingHttpHeaders;
  /** The bytes as they came. A signature over them breaks when they are parsed and written again. */
  body: Buffer;
}

/**
 * What a provider tells about a message that it took from us. `taken`: it has the message. `sent`: it has handed the message
 * on. `delivered` and `undelivered` are final, and whichever comes first stays.
 */
export interface DeliveryReport {
  kind: "delivery";
  /** Our id of the message, where the report carries it. */
  messageId?: string;
  providerMessageId: string;
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
  /** The provider answers this HELP by itself. */
  providerAnswersHelp?: boolean;
  /** A machine wrote it, such as an out-of-office note. It is kept, and is no reply. */
  automatic?: boolean;
}

/** A report that says nothing we know. It is kept, so that people can see that it came. */
export interface UnclearReport {
  kind: "unclear";
  providerMessageId: string;
  /** What was not understood, such as a status. */
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

/** The call is signed, and cannot be meant for this account. The message says who must do what. */
export class InboundRefused extends Error {
  override name = "InboundRefused";
}

/** How a provider's calls to us are verified and read. */
export interface ProviderInbound<D extends ProviderDefinition = ProviderDefinition> {
  /**
   * Whether the account's secret signed these bytes. It compares in constant time, answers false for a signature that
   * is missing or malformed, and looks at nothing in the body.
   */
  verify(request: InboundRequest, account: ProviderAccount<D>): boolean;
  /**
   * Called only after `verify` answered true.
   * @throws InboundRefused for a call that is not for this account.
   */
  parse(request: InboundRequest, account: ProviderAccount<D>): InboundEvent[];
  /** What the provider wants to read when it hands a message over; an empty answer if left out. */
  receipt?: { type: string; body: string };
}

export interface ProviderServer<D extends ProviderDefinition = ProviderDefinition> {
  send: ProviderSend<D>;
  /** Absent where the provider never calls us. */
  inbound?: ProviderInbound<D>;
}
