import type { Channel } from "#contract/messages.ts";
import { countParts as countSmsParts } from "#contract/sms-segments.ts";

/** How many parts the network bills for a text; null on a channel that does not bill parts. */
export const countParts: Record<Channel, (text: string) => number | null> = {
  sms: countSmsParts,
  email: () => null,
};
