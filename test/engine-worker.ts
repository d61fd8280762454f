import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import type { Provider } from "#channels/channel.ts";
import { createDb } from "#db/client.ts";
import { type BreakPoint, onBreakPoint } from "#engine/base/break-point.ts";
import { createGraphileDriver } from "#engine/drivers/graphile.ts";
import { createEngine } from "#engine/engine.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { openTwilio } from "./twilio-provider.ts";

// A worker process that a test may kill: node test/engine-worker.ts <owner url> <outbox> [break point] [nth]. Every
// message that it sends becomes a line of the outbox file. The outbox is what the outside world has received, whatever
// the database says. With an account of a fake Twilio in FAKE_TWILIO, SMS go there instead, and are looked up soon.
const [url = "", outbox = "", point, nth = "1"] = process.argv.slice(2);
const log = pino({ level: "error" }, pino.destination(2));

const outside = (from: string | null): Provider => ({
  name: "outside",
  from,
  concurrency: 10,
  async send(message) {
    await sleep(2);
    appendFileSync(outbox, `${message.id} ${message.channel} ${message.to}\n`);
    return { outcome: "accepted", providerMessageId: `outside-${message.id}` };
  },
});
const account = process.env.FAKE_TWILIO;
const twilio = account === undefined ? undefined : { ...openTwilio(JSON.parse(account)), reconcileAfterMs: 2_000 };
const providers = { sms: twilio ?? outside(null), email: outside("a@example.test") };

let passed = 0;
onBreakPoint((name) => {
  if (name !== (point as BreakPoint | undefined)) return;
  passed += 1;
  if (passed === Number(nth)) process.kill(process.pid, "SIGKILL");
});

const db = createDb(url, { applicationName: "engine worker", maxConnections: 6 });
const driver = createGraphileDriver({ connectionString: url, log, concurrency: 4 });
const engine = createEngine({ db, nodes: nodeRegistry, providerFor: async (_, channel) => providers[channel], driver, log });
await engine.start();
process.stdout.write("ready\n");
process.once("SIGTERM", () => {
  void engine.stop().then(() => db.destroy());
});
