import { randomUUID } from "node:crypto";
import { mostForecastsUnderWay } from "#contract/forecasts.ts";
import type { Tx } from "#db/client.ts";
import { EngineRefusal } from "../base/refusal.ts";
import { checkTriggerData } from "../commands/create-send.ts";
import type { EngineContext } from "../engine-context.ts";
import { openForecast } from "../forecast/open-forecast.ts";
import { questionHash } from "../forecast/question-hash.ts";
import { walkOpened } from "../forecast/walk-audience.ts";
import { forecastJob } from "../jobs/jobs.ts";
import type { ForecastSendInput } from "../send-api.ts";
import { toForecastInput } from "./forecast-input.ts";
import { ContactKeeper } from "./keep-contacts.ts";
import {
  cancelForecasts,
  countUnderWay,
  forgetForecasts,
  insertForecast,
  type NewForecast,
  savePage,
  takeForecastTurn,
} from "./kept-forecast-rows.ts";

/**
 * Looks at what a send would do. Few contacts are looked at before the answer; more are left to a worker. What the same person or key
 * has under way is ended, because they ask something else now.
 *
 * @throws EngineRefusal as openForecast, and workspace_busy
 */
export async function startForecast(
  context: EngineContext,
  { askedBy, ...input }: ForecastSendInput & { askedBy: string },
): Promise<{ forecastId: string; isOver: boolean }> {
  checkTriggerData(input.triggerData);
  const { db, clock, driver } = context;
  const keeper = new ContactKeeper();
  const forecastInput = await toForecastInput(context, input);
  const opened = await openForecast(context, forecastInput, keeper);
  const { total } = opened.known;
  const { workspaceId, flowId, signal: _, ...question } = input;
  const forecast: NewForecast = { id: randomUUID(), workspaceId, flowId, question, questionHash: questionHash(input), total, askedBy };
  const isOver = total <= context.workSizes.forecastAtOnce;
  if (isOver) await walkOpened(opened, forecastInput);
  await forgetForecasts(db, workspaceId);
  await db.transaction().execute(async (tx) => {
    if (isOver) {
      const walk = { id: forecast.id, walk: randomUUID() };
      await cancelForecasts(tx, { workspaceId, askedBy }, clock);
      await insertForecast(tx, forecast, walk.walk, clock);
      await savePage(tx, walk, keeper.take(opened.known), true, clock);
    } else {
      await makeRoom(context, tx, forecast);
      await insertForecast(tx, forecast, null, clock);
      await driver.wake(tx, [forecastJob(forecast.id)]);
    }
  });
  return { forecastId: forecast.id, isOver };
}

/** @throws EngineRefusal workspace_busy */
async function makeRoom({ clock }: EngineContext, tx: Tx, { workspaceId, askedBy }: NewForecast): Promise<void> {
  await takeForecastTurn(tx, workspaceId);
  await cancelForecasts(tx, { workspaceId, askedBy }, clock);
  if ((await countUnderWay(tx, workspaceId)) < mostForecastsUnderWay) return;
  throw new EngineRefusal(
    "workspace_busy",
    `Others of this workspace have ${mostForecastsUnderWay} forecasts under way. Wait until one of them has ended, or choose fewer contacts.`,
  );
}
