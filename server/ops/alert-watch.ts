import type { Logger } from "pino";
import type { Db } from "#db/client.ts";
import { forgetPassingAlerts, type KnownAlert, lockAlerts, markTold, settleAlerts } from "#db/queries/alerts.ts";
import { type InstanceState, readInstanceState } from "#db/queries/instance-state.ts";
import { noteAlerts } from "#db/queries/notices.ts";
import { repeat } from "#engine/drivers/repeat.ts";
import { alertLimits, findAlerts } from "./alert-rules.ts";
import type { Metrics } from "./metrics.ts";

export interface AlertWatchOptions {
  ownerDb: Db;
  log: Logger;
  metrics?: Metrics;
  /**
   * Alerts are posted to this address when they begin and when they end. The operator chooses it, so it may be a
   * private one.
   */
  webhookUrl?: string;
  /** The posted alert carries this name, so that its reader can tell instances apart. */
  instance: string;
  countJobs(): Promise<InstanceState["jobs"]>;
  /** A condition is reported once it has lasted this long. */
  steadySeconds?: number;
}

const lookEveryMs = 10_000;
const postWithin = 5_000;

/**
 * Looks at the whole instance every few seconds. Every process does so, so that any process that is left still reports.
 * The alert rows are locked, so each alert is reported once:
 *
 *     seen ──has lasted──▶ steady ──logged and posted──▶ told ──no longer true──▶ ended ──logged and posted──▶ gone
 *
 * An alert that could not be posted stays untold and is tried again at the next look.
 */
export function startAlertWatch(options: AlertWatchOptions): { stop(): Promise<void> } {
  const { log } = options;
  // The first look happens at once, so that the first reader of the metrics does not see an instance without workers.
  const first = lookForAlerts(options, "first").catch((error: unknown) => log.warn({ err: error }, "the first look for alerts failed"));
  const loop = repeat("alerts", lookEveryMs, () => lookForAlerts(options), log);
  return {
    stop: async () => {
      await first;
      await loop.stop();
    },
  };
}

export async function lookForAlerts(options: AlertWatchOptions, look: "first" | "next" = "next"): Promise<void> {
  const { ownerDb, metrics, steadySeconds = 15 } = options;
  const state = { ...(await readInstanceState(ownerDb, alertLimits)), jobs: await options.countJobs() };
  metrics?.instance(state);
  await ownerDb.transaction().execute(async (tx) => {
    if (!(await lockAlerts(tx))) return;
    if (look === "first") await forgetPassingAlerts(tx);
    const known = await settleAlerts(tx, findAlerts(state), steadySeconds);
    await noteAlerts(tx, known);
    const news = known.filter(isNews);
    if (news.length === 0 || !(await tell(options, news))) return;
    for (const alert of news) await markTold(tx, alert);
  });
}

const isNews = ({ isSteady, isTold, isEnded }: KnownAlert) => (isTold ? isEnded : isSteady && !isEnded);

async function tell({ log, webhookUrl, instance }: AlertWatchOptions, news: readonly KnownAlert[]): Promise<boolean> {
  const entries = news.map(({ code, workspaceId, sendId, subject, text, who, since, isEnded }) => ({
    state: isEnded ? "ended" : "began",
    code,
    text,
    who,
    workspaceId,
    sendId,
    subject: subject || null,
    since: since.toISOString(),
  }));
  if (webhookUrl !== undefined) {
    try {
      await post(webhookUrl, { instance, alerts: entries });
    } catch (error) {
      log.warn({ err: error }, "alerts could not be posted to ALERT_WEBHOOK_URL; they are posted at the next look");
      return false;
    }
  }
  for (const { text, ...entry } of entries) log[entry.state === "began" ? "error" : "warn"](entry, `alert ${entry.state}: ${text}`);
  return true;
}

async function post(url: string, body: object): Promise<void> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    redirect: "error",
    signal: AbortSignal.timeout(postWithin),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`it answered ${response.status}`);
}
