import { join } from "node:path";
import { sql } from "kysely";
import type { Logger } from "pino";
import { isLoopback } from "#contract/loopback.ts";
import { readFence, settlePlace } from "#db/queries/send-fence.ts";
import { createEngine } from "#engine/engine.ts";
import { createSimulator } from "#engine/simulation/simulate.ts";
import { issueClaimLink } from "../commands/claim-instance.ts";
import { loadDemo } from "../commands/load-demo.ts";
import { type DemoAccess, startDemo } from "../commands/start-demo.ts";
import { createRequestRates } from "../http/request-rates.ts";
import { startAlertWatch } from "../ops/alert-watch.ts";
import { startCanaryWatch } from "../ops/canary-watch.ts";
import { startCleanUp } from "../ops/clean-up.ts";
import { startDomainWatch } from "../ops/domain-watch.ts";
import { startMailGuardWatch } from "../ops/mail-guard-watch.ts";
import { startMailboxWatch } from "../ops/mailbox-watch.ts";
import type { Metrics } from "../ops/metrics.ts";
import { startNoticeMail } from "../ops/notice-mail-watch.ts";
import type { Readiness } from "../ops/readiness.ts";
import type { Role } from "../process/arguments.ts";
import { type Env, linkRuns } from "../process/env.ts";
import { startWatchdog } from "../process/watchdog.ts";
import { createApp } from "./app.ts";
import { openDriver, openIdentity, openTracing } from "./by-settings.ts";
import { openApiDb, openEngineDb, openRateStore, openRequestDb } from "./databases.ts";
import { openEngineResources } from "./engine-resources.ts";
import type { Resources } from "./resources.ts";
import { checkTimeZones } from "./time-zone-check.ts";
import { openWebListener, type WebListener } from "./web-listener.ts";

export interface ComposeOptions {
  workUrl: string;
  apiUrl: string;
  databaseIsEmbedded: boolean;
  dataFiles?: string | undefined;
  masterKey: Buffer;
  /** They open what they sealed before the key was replaced. */
  previousMasterKeys: readonly Buffer[];
  roles: readonly Role[];
  host: string;
  /** 0 takes any free port. */
  port: number;
  demo: boolean;
  /**
   * Set in a worker beside the process of a web server, which has prepared the database, looks after the alerts, and knows
   * where it listens.
   */
  beside?: { allowPrivateHosts: boolean; publicUrl: string };
  env: Env;
  log: Logger;
  readiness: Readiness;
  /** Nothing is counted without it. */
  metrics?: Metrics;
}

export interface Product {
  /** The address that people open; undefined for a process with the worker role only. */
  address: string | undefined;
  /** Set while the instance has no owner. */
  claimUrl?: string;
  demo?: DemoAccess;
  stop(): Promise<void>;
}

/**
 * Builds the running product from the settings. No other file opens databases, the engine and the web listener
 * together.
 * @throws whatever a part throws while it opens; the parts opened before it are closed first.
 */
export async function compose(options: ComposeOptions): Promise<Product> {
  const { env, log, host, masterKey, previousMasterKeys, readiness, metrics } = options;
  // Everything is closed in the reverse order of opening, also when a start fails halfway. Only the web listener is
  // closed before everything else, so that no request finds a part missing that it needs.
  const opened: (() => Promise<unknown>)[] = [];
  let web: WebListener | undefined;
  const stop = async () => {
    await web?.close();
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const watch = { log, metrics };
    const ownerDb = openEngineDb(options.workUrl, watch);
    opened.push(() => ownerDb.destroy());
    readiness.require("The database does not answer.", async () => void (await sql`select 1`.execute(ownerDb)));
    const allowPrivateHosts = options.beside?.allowPrivateHosts ?? allowsPrivateHosts(options);
    const tracing = await openTracing(env, log);
    if (tracing) opened.push(() => tracing.stop());
    const driver = await openDriver(options, ownerDb);
    const { providers, callWhole, links, resourcesOn } = openEngineResources({
      db: ownerDb,
      driver,
      log,
      masterKey,
      previousMasterKeys,
      env,
      allowPrivateHosts,
      publicUrl: () => options.beside?.publicUrl || env.PUBLIC_URL || web?.address,
      meter: metrics?.meter,
      tracer: tracing?.tracer,
    });
    opened.push(() => providers.close());
    await checkTimeZones(ownerDb, log);
    const engine = createEngine(resourcesOn(ownerDb));
    if (!options.beside) {
      await engine.prepare();
      await settlePlace(ownerDb, { files: options.dataFiles });
    }
    if (!options.beside && (await readFence(ownerDb))) {
      log.warn(
        "This data was at another place before, so it looks like a restored copy. Nothing is sent until an instance admin allows it in the app, or an operator with: npm run fence -- --lift.",
      );
    }

    if (options.roles.includes("web")) {
      web = await openWebListener({ host, port: options.port }, readiness, { trustedProxies: env.TRUSTED_PROXIES, log });
    }
    const publicUrl = env.PUBLIC_URL ?? web?.address ?? "";

    let started: Pick<Product, "claimUrl" | "demo"> = {};
    if (web) {
      const apiDb = openApiDb(options.apiUrl, watch);
      opened.push(() => apiDb.destroy());
      const requestDb = openRequestDb(options.workUrl, watch);
      opened.push(() => requestDb.destroy());
      readiness.require("The database does not answer the API's login.", async () => void (await sql`select 1`.execute(apiDb)));
      const requestEngine = createEngine(resourcesOn(requestDb));
      opened.push(() => requestEngine.inboundIdle());
      const identity = await openIdentity(env, { ownerDb: requestDb, masterKey, publicUrl, log });
      const resources: Resources = {
        apiDb,
        ownerDb: requestDb,
        engine: requestEngine,
        simulate: createSimulator(resourcesOn(requestDb)),
        identity,
        providers,
        callWebhook: callWhole,
        dns: {},
        links,
        log,
        masterKey,
        previousMasterKeys,
        publicUrl,
        linkRun: linkRuns(env),
        dataFiles: options.dataFiles,
        loadDemo: (userId) => loadDemo({ ownerDb: requestDb, userId }),
      };
      if (options.demo) started = { demo: await startDemo(resources, options) };
      else started = { claimUrl: await issueClaimLink(resources) };
      const webDir = join(import.meta.dirname, "../../dist/web");
      const rateStore = env.RATE_LIMITS === "on" ? openRateStore(options.workUrl, watch) : undefined;
      opened.push(async () => rateStore?.end());
      const rates = rateStore && createRequestRates({ store: rateStore });
      web.serve(createApp(resources, { webDir, trustedProxies: env.TRUSTED_PROXIES, metrics, tracing, rates }));
      if (!isLoopback(host) && !env.PUBLIC_URL) {
        log.warn(
          "Listening beyond this machine without PUBLIC_URL: only requests to the loopback address are answered. Set it to the address people open.",
        );
      }
    }
    if (options.roles.includes("worker")) {
      const watchdog = startWatchdog({ databaseUrl: options.workUrl });
      opened.push(() => watchdog.stop());
      await engine.start();
      opened.push(() => engine.stop());
      readiness.require("The worker is not working at the moment.", async () => {
        if (!engine.isWorking()) throw new Error("its job runner stopped, or it could not say that it lives");
      });
      const cleaning = startCleanUp({ ownerDb, engine, log });
      opened.push(async () => cleaning.stop());
      const mailGuard = startMailGuardWatch({ engine, log });
      opened.push(() => mailGuard.stop());
      const canaries = startCanaryWatch({ engine, log });
      opened.push(() => canaries.stop());
      const noticeMail = startNoticeMail({ ownerDb, providers, engine, log, publicUrl: options.beside?.publicUrl || publicUrl });
      opened.push(() => noticeMail.stop());
      const domains = startDomainWatch({ ownerDb, providers, engine, dns: {}, log });
      opened.push(() => domains.stop());
      const mailboxes = startMailboxWatch({ ownerDb, providers, engine, log });
      opened.push(() => mailboxes.stop());
    }
    if (!options.beside) {
      const alerts = startAlertWatch({
        ownerDb,
        log,
        metrics,
        webhookUrl: env.ALERT_WEBHOOK_URL,
        instance: publicUrl,
        countJobs: () => driver.countJobs(ownerDb),
      });
      opened.push(() => alerts.stop());
    }
    readiness.open();
    return { address: web && publicUrl, ...started, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Whether SMTP hosts and webhooks may be on this machine and in its networks: where the operator says so, and where only
 * this machine reaches the web server. A process without the web role cannot know that, so it assumes that others do.
 */
export function allowsPrivateHosts({ roles, host, env }: Pick<ComposeOptions, "roles" | "host" | "env">): boolean {
  const isThisMachinesOwn = roles.includes("web") && isLoopback(host) && (!env.PUBLIC_URL || isLoopback(new URL(env.PUBLIC_URL).hostname));
  return env.ALLOW_PRIVATE_HOSTS || isThisMachinesOwn;
}
