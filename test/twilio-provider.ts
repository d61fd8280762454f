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

/** The product's provider, set up for the account of a fake Twilio. */
export function openTwilio(
  fake: Pick<FakeTwilio, "url" | "accountSid" | "authToken">,
  { settings, secrets, inboundUrl }: Account = {},
): Provider {
  return twilioSend.open({
    name: "twilio",
    channel: "sms",
    settings: TwilioSettings.parse({ accountSid: fake.accountSid, senders: ["+15550001111"], paces, ...settings }),
    secrets: { authToken: fake.authToken, ...secrets },
    rules: { allowPrivateHosts: false, extraMailPorts: [], providerUrls: { twilio: fake.url } },
    inboundUrl,
  });
}
