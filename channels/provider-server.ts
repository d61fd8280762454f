import type { IncomingHttpHeaders } from "node:http";
import type { z } from "zod";
import type { Problem } from "#contract/api-errors.ts";
import type { Channel } from "#contract/messages.ts";
import type { Provider } from "./channel.ts";
import type { InboundEvent } from "./inbound-events.ts";
import type { Mailbox } from "./mailbox.ts";
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
  /** The answer that the provider wants when it hands a message over; it is empty if left out. */
  receipt?: { type: string; body: string };
}

/** How the mailbox is opened that the settings of a provider name. */
export interface ProviderMailbox<D extends ProviderDefinition = ProviderDefinition> {
  /** Undefined where they name none. It connects to nothing yet. */
  open(given: ProviderAccount<D> & Pick<Opening, "rules">): Mailbox | undefined;
}

export interface ProviderServer<D extends ProviderDefinition = ProviderDefinition> {
  send: ProviderSend<D>;
  /** Absent where the provider never calls us. */
  inbound?: ProviderInbound<D>;
  /** Absent where reports and answers never arrive in a mailbox. */
  mailbox?: ProviderMailbox<D>;
}
