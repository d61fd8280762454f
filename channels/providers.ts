import { z } from "zod";
import type { Channel } from "#contract/messages.ts";
import { capture } from "./capture/settings.ts";
import { resend } from "./email/resend/settings.ts";
import { sendgrid } from "./email/sendgrid/settings.ts";
import { smtp } from "./email/smtp/settings.ts";
import type { ProviderDefinition } from "./provider-definition.ts";
import { telnyx } from "./sms/telnyx/settings.ts";
import { twilio } from "./sms/twilio/settings.ts";

/**
 * Every provider of every channel, by the name that is stored and that the API takes. The first of a channel is in use
 * where nothing was set up. The browser loads this list; `providers-server.ts` holds the halves that send, and
 * `provider-forms.tsx` the forms.
 */
export const providers = {
  sms: { capture, twilio, telnyx },
  email: { capture, smtp, resend, sendgrid },
} as const satisfies ProviderDefinitions;

export type ProviderDefinitions = Record<Channel, Record<string, ProviderDefinition>>;

export interface NamedProvider {
  /** The current name, also where an earlier one was asked for. */
  name: string;
  definition: ProviderDefinition;
}

/** The provider of this name or of this previous name; undefined for one that this version does not know. */
export function findProvider(channel: Channel, name: string, all: ProviderDefinitions = providers): NamedProvider | undefined {
  const found = Object.entries(all[channel]).find(([current, { previousNames = [] }]) => current === name || previousNames.includes(name));
  return found && { name: found[0], definition: found[1] };
}

/** The provider in use where no other was chosen. */
export function defaultProvider(channel: Channel, all: ProviderDefinitions = providers): NamedProvider {
  const [first] = Object.entries(all[channel]);
  if (!first) throw new Error(`The channel ${channel} has no provider.`);
  return { name: first[0], definition: first[1] };
}

/** Every name under which messages of this provider may be stored: what was asked for, the current one, earlier ones. */
export function namesOfProvider(provider: string): string[] {
  const all = Object.values(providers).flatMap((ofChannel) => Object.entries<ProviderDefinition>(ofChannel));
  const same = all.map(([name, { previousNames = [] }]) => [name, ...previousNames]).find((names) => names.includes(provider));
  return same ?? [provider];
}

/** The whole request that sets this provider, with its settings and secrets at their places. */
export function inputOf({ name, definition }: NamedProvider) {
  const { settings, secrets } = definition;
  const needsSettings = Object.keys(settings.shape).length > 0;
  return z.strictObject({
    // A request may carry an earlier name; the caller has looked it up.
    provider: z.string().transform(() => name),
    settings: needsSettings ? settings : settings.default({}),
    ...secrets.shape,
  });
}
