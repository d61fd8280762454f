import { randomUUID } from "node:crypto";
import { breakPoint, SimulatedCrash } from "../base/break-point.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { EngineContext } from "../engine-context.ts";
import type { WalkedAudience } from "../forecast/stage.ts";
import { walkAudience } from "../forecast/walk-audience.ts";
import { forecastJob } from "../jobs/jobs.ts";
import type { ForecastSendInput } from "../send-api.ts";
import { toForecastInput } from "./forecast-input.ts";
import { ContactKeeper } from "./keep-contacts.ts";
import { leaveWalk, savePage, type TakenForecast, takeForecast, type WalkOf } from "./kept-forecast-rows.ts";

/*
 * The states of a forecast:
 *
 *   waiting ──a worker takes it──▶ running ──the last page──▶ done
 *      ▲                              ├──cancel, or the asker asks anew──▶ cancelled
 *      └──worker ends, or fails───────┴──the flow cannot be sent any more, or three walks came to nothing──▶ failed
 *
 * A walk keeps addresses and batches in memory, so one that was interrupted is not gone on with: another begins anew. Each page is
 * written under the id of its walk, so of two walks only the later one writes.
 */

/** Milliseconds after which a forecast is looked at again while this process walks another. */
const busyDelayMs = 250;
const mostWalks = 3;
/** Milliseconds of walking: a million contacts in a usual flow take about a minute. */
const mostWalkMs = 10 * 60_000;

/** The forecast is no longer this walk's. */
class Gone extends Error {}
/** The process ends, and another begins the walk anew. */
class Stopping extends Error {}

/** Walks one forecast at a time in this process, because a walk keeps the processor busy beside what is sent. */
export function createForecastRunner(context: EngineContext): (job: { forecastId: string }) => Promise<void> {
  let isWalking = false;
  return async ({ forecastId }) => {
    if (isWalking) return context.driver.wake(context.db, [forecastJob(forecastId, busyDelayMs)]);
    isWalking = true;
    try {
      await runForecast(context, forecastId);
    } finally {
      isWalking = false;
    }
  };
}

async function runForecast(context: EngineContext, forecastId: string): Promise<void> {
  const { db, clock, driver } = context;
  const walk: WalkOf = { id: forecastId, walk: randomUUID() };
  const taken = await takeForecast(db, walk, clock);
  if (!taken) return;
  try {
    await walkAll(context, walk, taken);
  } catch (error) {
    if (error instanceof SimulatedCrash) throw error;
    if (error instanceof Gone) return;
    if (error instanceof EngineRefusal) return leaveWalk(db, walk, { state: "failed", errorMessage: error.message }, clock);
    await leaveWalk(db, walk, { state: "waiting" }, clock);
    if (!(error instanceof Stopping)) throw error;
    await driver.wake(db, [forecastJob(forecastId)]);
  }
}

async function walkAll(context: EngineContext, walk: WalkOf, { workspaceId, flowId, question, walks }: TakenForecast): Promise<void> {
  if (walks > mostWalks) {
    throw new EngineRefusal("unavailable", "This forecast could not be finished. Choose fewer contacts, or look again later.");
  }
  const save = async (audience: WalkedAudience, isLast: boolean) => {
    if (!(await savePage(context.db, walk, keeper.take(audience), isLast, context.clock))) throw new Gone();
    await breakPoint("forecast-page-kept");
    if (!isLast && context.isStopping()) throw new Stopping();
  };
  const keeper = new ContactKeeper((audience) => save(audience, false));
  // It was written by startForecast, which this version or an earlier one ran.
  const asked = question as Omit<ForecastSendInput, "workspaceId" | "flowId">;
  const input = await toForecastInput(context, { ...asked, workspaceId, flowId });
  await save(await walkAudience(context, { ...input, mostMs: mostWalkMs }, keeper), true);
}
