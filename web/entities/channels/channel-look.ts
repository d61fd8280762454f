import { type LucideIcon, Mail, MessageSquare } from "lucide-react";
import { type ChannelNames, channelNames } from "#contract/channel-names.ts";
import type { Channel } from "#contract/messages.ts";

interface ChannelLook extends ChannelNames {
  Icon: LucideIcon;
}

/** How every channel is shown and called. */
export const channelLook: Record<Channel, ChannelLook> = {
  sms: { Icon: MessageSquare, ...channelNames.sms },
  email: { Icon: Mail, ...channelNames.email },
};
