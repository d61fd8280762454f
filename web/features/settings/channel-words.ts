import type { Channel } from "#contract/messages.ts";

interface ChannelWords {
  lead: string;
  testTitle: string;
  addressType: "email" | "tel";
  addressExample?: string;
}

/** What the settings page says about each channel. */
export const channelWords: Record<Channel, ChannelWords> = {
  sms: {
    lead: "How text messages are sent.",
    testTitle: "Send a test SMS",
    addressType: "tel",
    addressExample: "+1 312 555 0142",
  },
  email: {
    lead: "How e-mail is sent: through your own mail server, or in test mode.",
    testTitle: "Send a test e-mail",
    addressType: "email",
  },
};
