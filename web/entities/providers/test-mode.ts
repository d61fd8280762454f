import { staysHere } from "#channels/stays-here.ts";
import type { Channel } from "#contract/messages.ts";
import { upperFirst } from "#ui/format.ts";
import { channelLook } from "#web/entities/channels/channel-look.ts";

/** Those of the channels whose messages are only kept on this machine. */
export const channelsInTestMode = (
  channels: readonly Channel[],
  providers: readonly { channel: Channel; provider: string }[] | undefined,
): Channel[] => channels.filter((channel) => providers?.some((one) => one.channel === channel && staysHere(one.provider)));

/** "SMS is in test mode: nothing leaves" */
export const testModeWords = (channels: readonly Channel[]): string =>
  `${upperFirst(channels.map((channel) => channelLook[channel].noun).join(" and "))} ${channels.length === 1 ? "is" : "are"} in test mode: nothing leaves`;
