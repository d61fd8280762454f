import type { Channel } from "#contract/messages.ts";
import type { Provider } from "../channel.ts";
import type { ProviderSend } from "../provider-server.ts";
import type { capture } from "./settings.ts";

/**
 * Keeps every message on this machine: it accepts at once and sends nothing. The message row that was written before
 * the call already holds address, subject and text, so the row itself is the inbox and there is nothing to store here.
 */
export function captureProvider(channel: Channel): Provider {
  return {
    name: "capture",
    // There is no sender where nothing is sent.
    from: null,
    // Nothing is waited for. The number only limits how many calls of one chunk are made in one turn.
    concurrency: 64,
    async send(message) {
      if (message.channel !== channel) throw new Error(`A message on ${message.channel} was given to the provider of ${channel}.`);
      return { outcome: "accepted", providerMessageId: message.id };
    },
  };
}

export const captureSend: ProviderSend<typeof capture> = { open: ({ channel }) => captureProvider(channel) };
