import { type LucideIcon, Mail, MessageSquare } from "lucide-react";
import type { Channel } from "#contract/messages.ts";

interface ChannelLook {
  Icon: LucideIcon;
  /** At the beginning of a sentence. */
  name: string;
  /** Within a sentence. */
  noun: string;
  nouns: string;
}

/** How every channel is shown and called. */
export const channelLook: Record<Channel, ChannelLook> = {
  sms: { Icon: MessageSquare, name: "SMS", noun: "SMS", nouns: "SMS" },
  email: { Icon: Mail, name: "E-mail", noun: "e-mail", nouns: "e-mails" },
};
