import type { Channel } from "./messages.ts";

/** The names of the channels, as people read them. */
export interface ChannelNames {
  /** At the beginning of a sentence. */
  name: string;
  /** Within a sentence. */
  noun: string;
  nouns: string;
}

export const channelNames: Record<Channel, ChannelNames> = {
  sms: { name: "SMS", noun: "SMS", nouns: "SMS" },
  email: { name: "E-mail", noun: "e-mail", nouns: "e-mails" },
};
