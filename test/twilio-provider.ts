import type { Provider } from "#channels/channel.ts";
import { twilioSend } from "#channels/sms/twilio/send.ts";
import { TwilioSettings } from "#channels/sms/twilio/settings.ts";
import type { FakeTwilio } from "./fake-twilio.ts";

interface Account {
  settings?: Partial<TwilioSettings>;
  secrets?: { authToken?: string; apiKeySecret?: string };
  inboundUrl?: string;
}

/** What a test sends is to leave at once, unless it is about the pace. */
const paces = { "+15550001111": { partsPerSecond: 1_000 } };

/** What leads to a fake Twilio, also from another process. */
export type TwilioAccount = Pick<FakeTwilio, "url" | "accountSid" | "authToken">;

export const twilioSettings = ({ accountSid }: Pick<TwilioAccount, "accountSid">, settings: Partial<TwilioSettings> = {}): TwilioSettings =>
  TwilioSettings.parse({ accountSid, senders: ["+15550001111"], paces, ...settings });

/** The product's provider, set up for the account of a fake Twilio. */
export function openTwilio(fake: TwilioAccount, { settings, secrets, inboundUrl }: Account = {}): Provider {
  return twilioSend.open({
    name: "twilio",
    channel: "sms",
    settings: twilioSettings(fake, settings),
    secrets: { authToken: fake.authToken, ...secrets },
    rules: { allowPrivateHosts: false, extraMailPorts: [], providerUrls: { twilio: fake.url } },
    inboundUrl,
  });
}
