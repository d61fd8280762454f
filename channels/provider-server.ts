import type { IncomingHttpHeaders } from "node:http";
import type { z } from "zod";
import type { Problem } from "#contract/api-errors.ts";
import type { Channel } from "#contract/messages.ts";
import type { Provider } from "./channel.ts";
import type { OperatorRules, ProviderDefinition } from "./provider-definition.ts";

/** How a provider sends. `D` is its definition, which says what settings and secrets it gets. */
export interface ProviderSend<D extends ProviderDefinition = ProviderDefinition> {
  /** Everything that keeps the settings from being used beyond their shape; paths are those of the request. */
  problems?(settings: z.output<D["settings"]>, rules: OperatorRules): Problem[];
  open(given: ProviderAccount<D> & { name: string; channel: Channel; rules: OperatorRules }): Provider;
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

/** What a provider tells about a message that it took from us. */
export interface DeliveryReport {
  kind: "delivery";
  providerMessageId: string;
  status: "delivered" | "undelivered";
  /** The provider's own words. */
  message?: string;
}

/** A message that a person sent to the workspace. */
export interface ReceivedMessage {
  kind: "received";
  providerMessageId: string;
  from: string;
  to: string;
  text: string;
}

export type InboundEvent = DeliveryReport | ReceivedMessage;

/** How a provider's calls to us are verified and read. */
export interface ProviderInbound<D extends ProviderDefinition = ProviderDefinition> {
  /**
   * Whether the account's secret signed these bytes. It compares in constant time, answers false for a signature that
   * is missing or malformed, and looks at nothing in the body.
   */
  verify(request: InboundRequest, account: ProviderAccount<D>): boolean;
  /** Called only after `verify` answered true. */
  parse(request: InboundRequest): InboundEvent[];
}

export interface ProviderServer<D extends ProviderDefinition = ProviderDefinition> {
  send: ProviderSend<D>;
  /** Absent where the provider never calls us. */
  inbound?: ProviderInbound<D>;
}
