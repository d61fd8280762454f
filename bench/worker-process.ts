import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import { captureProvider } from "#channels/capture/send.ts";
import type { Provider } from "#channels/channel.ts";
import type { Channel } from "#contract/messages.ts";
import { createDb } from "#db/client.ts";
import { createGraphileDriver } from "#engine/drivers/graphile.ts";
import { createEngine } from "#engine/engine.ts";
import { nodeRegistry } from "#nodes/registry.ts";

// A worker process of its own whose provider takes its time: node bench/worker-process.ts <owner url> <milliseconds> <calls>.
// It does nothing else: the time of a provider is spent waiting, not computing.
const [url = "", latency = "0", calls = "64"] = process.argv.slice(2);
const log = pino({ level: "error" }, pino.destination(2));

function takesItsTime(channel: Channel): Provider {
  const caught = captureProvider(channel);
  if (latency === "0") return caught;
  return {
    ...caught,
    concurrency: Number(calls),
    send: async (message, options) => {
      await sleep(Number(latency));
      return caught.send(message, options);
    },
  };
}
const providers = { sms: takesItsTime("sms"), email: takesItsTime("email") };

const db = createDb(url, { applicationName: "bench worker" });
const driver = createGraphileDriver({ connectionString: url, log });
const engine = createEngine({ db, nodes: nodeRegistry, providerFor: async (_, channel) => providers[channel], driver, log });
await engine.start();
process.stdout.write("ready\n");
process.once("SIGTERM", () => {
  void engine.stop().then(() => db.destroy());
});
