import { Inbox, Mail, MessageSquare, Server } from "lucide-react";
import type { Channel } from "#contract/messages.ts";
import type { ProviderLook } from "./provider-form.tsx";
import { findProvider, type providers } from "./providers.ts";

const capture: ProviderLook = { Icon: Inbox, loadForm: null };
const smtp: ProviderLook = { Icon: Server, loadForm: async () => (await import("./email/smtp/form.tsx")).smtpForm };
const resend: ProviderLook = { Icon: Mail, loadForm: async () => (await import("./email/resend/form.tsx")).resendForm };
const sendgrid: ProviderLook = { Icon: Mail, loadForm: async () => (await import("./email/sendgrid/form.tsx")).sendgridForm };
const telnyx: ProviderLook = { Icon: MessageSquare, loadForm: async () => (await import("./sms/telnyx/form.tsx")).telnyxForm };
const twilio: ProviderLook = { Icon: MessageSquare, loadForm: async () => (await import("./sms/twilio/form.tsx")).twilioForm };

/** How every provider of `providers.ts` looks; one that is missing does not compile. */
const looks = {
  sms: { capture, twilio, telnyx },
  email: { capture, smtp, resend, sendgrid },
} satisfies { [C in Channel]: { [Name in keyof (typeof providers)[C]]: ProviderLook } };

/** Undefined for a provider that this version does not know. */
export function findProviderLook(channel: Channel, provider: string): ProviderLook | undefined {
  const ofChannel: Record<string, ProviderLook> = looks[channel];
  const found = findProvider(channel, provider);
  return found && ofChannel[found.name];
}
