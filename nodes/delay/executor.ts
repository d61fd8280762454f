import { DateTime } from "luxon";
import type { NodeExecutor, Outcome } from "#engine/flow/node-executor.ts";
import { next, waitUntil } from "#engine/flow/node-executor.ts";
import { chooseZone, nextTimeOfDay, plusBusinessDays } from "../time/local-time.ts";
import { deterministicRandom } from "../values/deterministic-random.ts";
import type { delay } from "./definition.ts";
import { delayUnits } from "./definition.ts";
import { waitForDate } from "./wait-for-date.ts";

export const executeDelay: NodeExecutor<typeof delay> = (context) => {
  const { config, now, waited, contact, workspace, place } = context;
  if (waited && config.mode !== "until_date") return next("next");
  const zone = chooseZone(config.mode === "duration" ? "contact" : config.zone, contact.time_zone, workspace.timeZone);
  const here = DateTime.fromJSDate(now, { zone });
  const spreadMs =
    config.spreadSeconds === undefined ? 0 : Math.floor(deterministicRandom(place.draw, String(place.visit)) * config.spreadSeconds * 1000);
  const rest = (moment: DateTime, more: Record<string, unknown> = {}): Outcome => {
    const until = new Date(moment.toMillis() + spreadMs);
    return waitUntil(until, { until: until.toISOString(), ...more });
  };

  switch (config.mode) {
    case "duration":
      if (config.unit === "business_days") return rest(plusBusinessDays(here, config.amount), { zone });
      // A day is 24 hours here, not a day of the calendar, also in the night when clocks change.
      return rest(here.plus({ seconds: config.amount * delayUnits[config.unit] }));
    case "until_time":
      return rest(nextTimeOfDay(config.time, config.weekdays ?? [], here), { zone });
    case "until_date":
      return waitForDate(config, context, { zone, spreadMs });
  }
};
