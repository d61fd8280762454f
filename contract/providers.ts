import { z } from "zod";
import { ChannelName } from "./messages.ts";
import { Timestamp } from "./pagination.ts";

/**
 * Which provider a channel is to use, with its settings; its secrets stand beside them, each under its own name. The
 * shape of both is the provider's (`channels/providers.ts`), so the route checks them there and this only says where
 * they stand. A secret that is left out stays as it is stored, where the provider allows that.
 */
export const ProviderInput = z.looseObject({
  provider: z.string().min(1).max(50),
  settings: z.record(z.string(), z.unknown()).optional(),
});
export type ProviderInput = z.infer<typeof ProviderInput>;

/** The path at which the provider of a channel calls us. */
export const inboundPath = (workspaceId: string, channel: string) => `/api/inbound/${channel}/${workspaceId}`;

/** A channel's provider as the settings page may see it: never a secret, only whether there is one, and how long ones end. */
export const ProviderState = z.object({
  channel: ChannelName,
  provider: z.string(),
  settings: z.record(z.string(), z.unknown()),
  hasSecret: z.boolean(),
  /** The last four characters of the secrets that are long enough to show them, by name. */
  secretEnds: z.record(z.string(), z.string()),
  updatedAt: Timestamp.nullable(),
});
export type ProviderState = z.infer<typeof ProviderState>;

/** Where the providers of a channel call us, and when they last did. */
export const InboundAddress = z.object({
  /** Null where this instance has no address of its own. */
  url: z.string().nullable(),
  /** False where the address means this machine only, so that no provider on the internet can call it. */
  isReachable: z.boolean(),
  /** The last call of each provider whose signature was right. */
  arrivals: z.array(z.object({ provider: z.string(), lastAt: Timestamp })),
});
export type InboundAddress = z.infer<typeof InboundAddress>;

/** What is known of the mailbox in which delivery reports and answers of a channel arrive. */
export const MailboxState = z.object({
  /** Whether the provider in use names one. */
  isNamed: z.boolean(),
  /** When nothing more was left in it to read; null where it was not read yet. */
  lastReadAt: Timestamp.nullable(),
  /** Why it could not be read last time, in words for whoever set it up. */
  problem: z.string().nullable(),
  /** When it is read next. */
  nextAt: Timestamp.nullable(),
  /** How many of its mails were reports on messages, or mails of contacts. */
  taken: z.number().int(),
});
export type MailboxState = z.infer<typeof MailboxState>;

export const ProviderTest = z.strictObject({
  to: z.string().trim().min(3).max(254),
  /** The provider to try, with settings that need not be stored; without it, the one in use. */
  using: ProviderInput.optional(),
});

/** `check=no` stores settings also where the provider cannot be reached at the moment. */
export const ProviderCheck = z.strictObject({ check: z.enum(["yes", "no"]).default("yes") });
export const ProviderTestResult = z.object({ success: z.literal(true), messageId: z.string(), message: z.string() });
