import { setTimeout as sleep } from "node:timers/promises";
import { captureProvider } from "#channels/capture/send.ts";
import type { Provider } from "#channels/channel.ts";
import type { Channel } from "#contract/messages.ts";

export interface SlowProvider extends Provider {
  /** Milliseconds that all calls together have taken so far. */
  busyMs(): number;
}

/** A provider that sends nothing and takes its time over it, which is spent waiting and not computing. */
export function slowProvider(channel: Channel, { latencyMs, callsAtATime }: { latencyMs: number; callsAtATime: number }): SlowProvider {
  const caught = captureProvider(channel);
  let busyMs = 0;
  return {
    ...caught,
    concurrency: callsAtATime,
    busyMs: () => busyMs,
    send: async (message, options) => {
      const begun = performance.now();
      if (latencyMs > 0) await sleep(latencyMs);
      busyMs += performance.now() - begun;
      return caught.send(message, options);
    },
  };
}
