import type { Channel } from "#contract/messages.ts";
import { captureSend } from "./capture/send.ts";
import { resendInbound } from "./email/resend/inbound.ts";
import { resendSend } from "./email/resend/send.ts";
import { sendgridInbound } from "./email/sendgrid/inbound.ts";
import { sendgridSend } from "./email/sendgrid/send.ts";
import { smtpMailbox } from "./email/smtp/mailbox.ts";
import { smtpSend } from "./email/smtp/send.ts";
import type { ProviderDefinition } from "./provider-definition.ts";
import type { ProviderServer } from "./provider-server.ts";
import { findProvider, type NamedProvider, type ProviderDefinitions, providers } from "./providers.ts";
import { telnyxInbound } from "./sms/telnyx/inbound.ts";
import { telnyxSend } from "./sms/telnyx/send.ts";
import { twilioInbound } from "./sms/twilio/inbound.ts";
import { twilioSend } from "./sms/twilio/send.ts";

type Definitions = typeof providers;

/** The server half of every provider of `providers.ts`; one that is missing does not compile. */
const servers = {
  sms: {
    capture: { send: captureSend },
    twilio: { send: twilioSend, inbound: twilioInbound },
    telnyx: { send: telnyxSend, inbound: telnyxInbound },
  },
  email: {
    capture: { send: captureSend },
    smtp: { send: smtpSend, mailbox: smtpMailbox },
    resend: { send: resendSend, inbound: resendInbound },
    sendgrid: { send: sendgridSend, inbound: sendgridInbound },
  },
} satisfies {
  [C in Channel]: { [Name in keyof Definitions[C]]: ProviderServer<Extract<Definitions[C][Name], ProviderDefinition>> };
};

/** Both halves of all providers. Tests bring providers of their own. */
export interface ProviderRegistry {
  definitions: ProviderDefinitions;
  servers: Record<Channel, Record<string, ProviderServer>>;
}

export const productProviders: ProviderRegistry = { definitions: providers, servers };

/** Both halves of a provider; undefined for one that this version does not know. */
export function findProviderServer(
  registry: ProviderRegistry,
  channel: Channel,
  name: string,
): (NamedProvider & { server: ProviderServer }) | undefined {
  const found = findProvider(channel, name, registry.definitions);
  const server = found && registry.servers[channel][found.name];
  return found && server && { ...found, server };
}
