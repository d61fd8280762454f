import pino from "pino";
import { smtpProvider } from "#channels/email/smtp/send.ts";
import { createDb } from "#db/client.ts";
import { onBreakPoint } from "#engine/base/break-point.ts";
import { createGraphileDriver } from "#engine/drivers/graphile.ts";
import { createEngine } from "#engine/engine.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { openTwilio } from "../twilio-provider.ts";
import { smsProvider } from "./sms-provider.ts";
import type { FromWorker, ToWorker, WorkerPlan } from "./worker.ts";

// A worker with the engine, the driver and the SMTP provider of the product, which a test may kill at any moment: node
// test/chaos/worker-process.ts <plan as JSON>. It is controlled over the channel of fork(), and waits for "begin".
const plan = JSON.parse(process.argv[2] ?? "") as WorkerPlan;
const log = pino({ level: "warn" }, pino.destination(2));
const say = (message: FromWorker) => process.send?.(message);

if (plan.killAt) {
  onBreakPoint((point) => {
    if (point === plan.killAt) process.kill(process.pid, "SIGKILL");
  });
}
const settings = {
  host: "127.0.0.1",
  port: plan.smtpPort,
  security: "none",
  fromName: "Sluice",
  fromAddress: "chaos@example.test",
} as const;
const rules = { allowPrivateHosts: true, extraPorts: [] };
const providers = {
  email: smtpProvider({ settings, rules, connections: plan.inFlight }),
  sms: plan.twilio ? openTwilio(plan.twilio, { inboundUrl: plan.twilio.reportsTo }) : smsProvider(plan.smsUrl, plan.inFlight),
};
const lost = (error: Error) => log.info({ err: error }, "a database connection was lost");
const db = createDb(plan.databaseUrl, { applicationName: "chaos worker", maxConnections: 8, onConnectionLost: lost });
const driver = createGraphileDriver({ connectionString: plan.databaseUrl, log, concurrency: plan.jobs });
const engine = createEngine({ db, nodes: nodeRegistry, providerFor: async (_, channel) => providers[channel], driver, log });

process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.on("message", (message: ToWorker) => {
  if (message.kind === "begin") void engine.start().then(() => say({ kind: "working" }));
});
say({ kind: "ready" });
