import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { sql } from "kysely";
import type { Logger } from "pino";
import { createDb, type Db, type PoolCounts } from "#db/client.ts";
import { readFence, settlePlace } from "#db/queries/send-fence.ts";
import { createGraphileDriver } from "#engine/drivers/graphile.ts";
import { createEngine } from "#engine/engine.ts";
import type { EngineDriver } from "#engine/jobs/driver.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { issueClaimLink } from "../commands/claim-instance.ts";
import { loadDemo } from "../commands/load-demo.ts";
import { type DemoAccess, startDemo } from "../commands/start-demo.ts";
import { createIdentity, type Identity, type IdentityParts } from "../http/identity.ts";
import { applyServerTimeouts, serverOptions } from "../http/server-timeouts.ts";
import { createSupabaseIdentity } from "../http/supabase-identity.ts";
import { startAlertWatch } from "../ops/alert-watch.ts";
import { startCleanUp } from "../ops/clean-up.ts";
import type { Metrics } from "../ops/metrics.ts";
import { answerProbe } from "../ops/probes.ts";
import type { Readiness } from "../ops/readiness.ts";
import type { Tracing } from "../ops/tracing.ts";
import { isLoopback, type Role } from "../process/arguments.ts";
import { type Env, linkRuns, supabaseProject } from "../process/env.ts";
import { createApp } from "./app.ts";
import { createProviderDirectory } from "./provider-directory.ts";
import type { Resources } from "./resources.ts";
import { createWebhookClient } from "./webhook-client.ts";

/** Enrolling ten thousand is the longest that the engine asks in one statement: a second, or a few on a busy machine. */
const engineSilentForMs = 30_000;
/** No statement of the API runs for longer than five seconds. */
const apiSilentForMs = 10_000;

export interface ComposeOptions {
  ownerUrl: string;
  apiUrl: string;
  databaseIsEmbedded: boolean;
  dataFiles?: string | undefined;
  masterKey: Buffer;
  roles: readonly Role[];
  host: string;
  /** 0 takes any free one. */
  port: number;
  demo: boolean;
  env: Env;
  log: Logger;
  readiness: Readiness;
  /** Left out: nobody counts. */
  metrics?: Metrics;
}

export interface Product {
  /** Where people open it; undefined for a process that only works. */
  address: string | undefined;
  /** While nobody owns the instance. */
  claimUrl?: string;
  demo?: DemoAccess;
  stop(): Promise<void>;
}

/**
 * A request takes up to three connections one after the other: for who asks, for his own rows, for the engine. Together
 * they are waited for less than the five seconds in which everybody is to be answered.
 */
const connectWithinMs = 1_500;

/** The one place that knows everything: settings in, a running product out. */
export async function compose(options: ComposeOptions): Promise<Product> {
  const { env, log, host, masterKey, readiness, metrics } = options;
  // What was opened last is closed first, also when a start fails halfway; but the door before everything, so that no
  // request meets a house that is being taken down.
  const opened: (() => Promise<unknown>)[] = [];
  let web: Web | undefined;
  const stop = async () => {
    await web?.close();
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const lost = (error: Error) => log.warn({ err: error }, "a database connection was lost");
    const watched = (name: string) => ({ onConnectionLost: lost, onPool: (counts: () => PoolCounts) => metrics?.pool(name, counts) });
    const ownerDb = createDb(options.ownerUrl, { applicationName: "sluice engine", silentForMs: engineSilentForMs, ...watched("engine") });
    opened.push(() => ownerDb.destroy());
    readiness.require("The database does not answer.", async () => void (await sql`select 1`.execute(ownerDb)));
    // A worker by itself cannot know how public the web half is that its settings come from.
    const isThisMachinesOwn =
      options.roles.includes("web") && isLoopback(host) && (!env.PUBLIC_URL || isLoopback(new URL(env.PUBLIC_URL).hostname));
    const allowPrivateHosts = env.ALLOW_PRIVATE_HOSTS || isThisMachinesOwn;
    const smtpHosts = { allowPrivateHosts, extraPorts: env.SMTP_EXTRA_PORTS };
    const providers = createProviderDirectory({ db: ownerDb, masterKey, log, smtpHosts });
    opened.push(() => providers.close());
    const tracing = await openTracing(env, log);
    if (tracing) opened.push(() => tracing.stop());
    const driver = await openDriver(options, ownerDb);
    const makeEngine = (db: Db) =>
      createEngine({
        db,
        nodes: nodeRegistry,
        driver,
        log,
        meter: metrics?.meter,
        tracer: tracing?.tracer,
        providerFor: providers.providerFor,
        callWebhook: createWebhookClient({ db: ownerDb, masterKey, rules: { allowPrivateHosts, extraPorts: env.HTTP_EXTRA_PORTS } }),
      });
    const engine = makeEngine(ownerDb);
    await engine.prepare();
    await settlePlace(ownerDb, { files: options.dataFiles });
    if (await readFence(ownerDb)) {
      log.warn(
        "This data was somewhere else before: it is taken for a restored copy, and nothing is sent until an owner confirms it in the app (or: npm run fence -- --lift).",
      );
    }

    if (options.roles.includes("web")) web = await listen(host, options.port, readiness);
    const publicUrl = env.PUBLIC_URL ?? web?.address ?? "";

    let started: Pick<Product, "claimUrl" | "demo"> = {};
    if (web) {
      const apiDb = createDb(options.apiUrl, {
        applicationName: "sluice api",
        statementTimeout: 5_000,
        silentForMs: apiSilentForMs,
        connectWithinMs,
        ...watched("api"),
      });
      opened.push(() => apiDb.destroy());
      // Connections of its own: what the worker half does never stands in the way of somebody who asks.
      const deskDb = createDb(options.ownerUrl, {
        applicationName: "sluice desk",
        lockTimeout: 3_000,
        silentForMs: engineSilentForMs,
        connectWithinMs,
        ...watched("desk"),
      });
      opened.push(() => deskDb.destroy());
      readiness.require("The database does not answer the API's login.", async () => void (await sql`select 1`.execute(apiDb)));
      const identity = await openIdentity(env, { ownerDb: deskDb, masterKey, publicUrl, log });
      const resources: Resources = {
        apiDb,
        ownerDb: deskDb,
        engine: makeEngine(deskDb),
        identity,
        providers,
        log,
        masterKey,
        publicUrl,
        linkRun: linkRuns(env),
        dataFiles: options.dataFiles,
        loadDemo: (userId) => loadDemo({ ownerDb: deskDb, userId }),
      };
      if (options.demo) started = { demo: await startDemo(resources, options) };
      else started = { claimUrl: await issueClaimLink(resources) };
      const webDir = join(import.meta.dirname, "../../dist/web");
      web.serve(createApp(resources, { webDir, trustedProxies: env.TRUSTED_PROXIES, metrics, tracing }));
      if (!isLoopback(host) && !env.PUBLIC_URL) {
        log.warn(
          "Listening beyond this machine without PUBLIC_URL: only requests to the loopback address are answered. Set it to the address people open.",
        );
      }
    }
    if (options.roles.includes("worker")) {
      await engine.start();
      opened.push(() => engine.stop());
      readiness.require("The worker does not work at the moment.", async () => {
        if (!engine.isWorking()) throw new Error("its job runner stopped, or it could not say that it lives");
      });
      const cleaning = startCleanUp({ ownerDb, log });
      opened.push(async () => cleaning.stop());
    }
    const alerts = startAlertWatch({
      ownerDb,
      log,
      metrics,
      webhookUrl: env.ALERT_WEBHOOK_URL,
      instance: publicUrl,
      countJobs: () => driver.countJobs(ownerDb),
    });
    opened.push(() => alerts.stop());
    readiness.open();
    return { address: web && publicUrl, ...started, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The engine that was asked for, or none: another one never takes over in silence. */
async function openDriver({ env, log, ownerUrl }: ComposeOptions, ownerDb: Db): Promise<EngineDriver> {
  if (env.ENGINE === "graphile") return createGraphileDriver({ connectionString: ownerUrl, log });
  const { openTriggerDriver } = await import("../trigger/open-trigger-driver.ts");
  return openTriggerDriver({ env, db: ownerDb, log });
}

/** People sign in at a Supabase project where one is set, and with passwords of our own otherwise. */
async function openIdentity(env: Env, parts: IdentityParts): Promise<Identity> {
  const project = supabaseProject(env);
  return project ? createSupabaseIdentity({ ownerDb: parts.ownerDb, log: parts.log, project }) : createIdentity(parts);
}

/** Nothing of it is loaded unless somebody wants traces. */
async function openTracing(env: Env, log: Logger): Promise<Tracing | undefined> {
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return undefined;
  const { startTracing } = await import("../ops/tracing.ts");
  return startTracing({ endpoint, serviceName: env.OTEL_SERVICE_NAME, ratio: env.OTEL_TRACES_SAMPLER_ARG, log });
}

interface Web {
  address: string;
  serve(handle: RequestListener): void;
  close(): Promise<void>;
}

/** Takes the port before anything is built on its number; until then every request is told to come back. */
async function listen(host: string, port: number, readiness: Readiness): Promise<Web> {
  let handle: RequestListener = (_req, res) => {
    res.writeHead(503, { "Retry-After": "1", "Content-Type": "application/json" });
    res.end(JSON.stringify({ success: false, error: "Sluice is starting. Try again in a moment.", code: "unavailable" }));
  };
  const server: Server = createServer(serverOptions, (req, res) => {
    if (!answerProbe(readiness, req, res)) handle(req, res);
  });
  applyServerTimeouts(server);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  const shown = isLoopback(host) || host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  return {
    address: `http://${shown}:${actual}`,
    serve: (next) => {
      handle = next;
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        // Streams of progress never end by themselves; their browsers reconnect to whatever comes next.
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), 2_000).unref();
      }),
  };
}
