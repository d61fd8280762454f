import pino from "pino";
import { createDb } from "#db/client.ts";
import { createGraphileDriver } from "#engine/drivers/graphile.ts";
import { createEngine } from "#engine/engine.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { slowProvider } from "./slow-provider.ts";

// A worker process of its own whose provider takes its time: node bench/worker-process.ts <owner url> <milliseconds> <calls>.
const [url = "", latency = "0", calls = "64"] = process.argv.slice(2);
const log = pino({ level: "error" }, pino.destination(2));

const pace = { latencyMs: Number(latency), callsAtATime: Number(calls) };
const providers = { sms: slowProvider("sms", pace), email: slowProvider("email", pace) };

const db = createDb(url, { applicationName: "bench worker" });
const driver = createGraphileDriver({ connectionString: url, log });
const engine = createEngine({ db, nodes: nodeRegistry, providerFor: async (_, channel) => providers[channel], driver, log });
await engine.start();
process.stdout.write("ready\n");
process.once("SIGTERM", () => {
  void engine.stop().then(() => db.destroy());
});
