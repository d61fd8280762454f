import { z } from "zod";
import { channels } from "./messages.ts";
import { Timestamp } from "./pagination.ts";

/** Which providers a channel may use. `catch` keeps every message on this machine, in the inbox. */
export const providerNames = { sms: ["catch"], email: ["catch", "smtp"] } as const;

export const SmtpSettings = z.strictObject({
  host: z.string().trim().min(1).max(253),
  port: z.number().int().min(1).max(65535),
  /** `tls`: encrypted from the first byte (465). `starttls`: must be upgraded. `none`: only for loopback hosts. */
  security: z.enum(["tls", "starttls", "none"]),
  username: z.string().trim().max(254).optional(),
  fromName: z.string().trim().max(100).default(""),
  fromAddress: z.email().max(254),
  replyTo: z.email().max(254).optional(),
});
export type SmtpSettings = z.infer<typeof SmtpSettings>;

/**
 * A password that is left out stays as it is stored, for the same host and port only: for another server it must be
 * entered again. It goes with the user name, and is forgotten with it.
 */
export const ProviderInput = z.discriminatedUnion("provider", [
  z.strictObject({ provider: z.literal("catch") }),
  z.strictObject({ provider: z.literal("smtp"), settings: SmtpSettings, password: z.string().max(500).optional() }),
]);
export type ProviderInput = z.infer<typeof ProviderInput>;

/** A channel's provider as the settings page may see it: never the secret, only whether there is one. */
export const ProviderState = z.object({
  channel: z.enum(channels),
  provider: z.string(),
  settings: z.record(z.string(), z.unknown()),
  hasSecret: z.boolean(),
  updatedAt: Timestamp.nullable(),
});
export type ProviderState = z.infer<typeof ProviderState>;

export const ProviderTest = z.strictObject({ to: z.string().trim().min(3).max(254) });
export const ProviderTestResult = z.object({ success: z.literal(true), messageId: z.string(), message: z.string() });
