import { DateTime } from "luxon";
import type { NodeExecutor, Outcome } from "#engine/flow/node-executor.ts";
import { next, waitUntil } from "#engine/flow/node-executor.ts";
import { chooseZone, nextTimeOfDay, plusBusinessDays } from "../time/local-time.ts";
import { deterministicRandom } from "../values/deterministic-random.ts";
import type { delay } from "./definition.ts";
import { delayUnits } from "./definition.ts";
import { findDate } from "./find-date.ts";

export const executeDelay: NodeExecutor<typeof delay> = ({ config, now, waited, contact, workspace, place, read }) => {
  if (waited) return next("next");
  const zone = chooseZone(config.mode === "duration" ? "contact" : config.zone, contact.time_zone, workspace.timeZone);
  const here = DateTime.fromJSDate(now, { zone });
  const rest = (moment: DateTime, more: Record<string, unknown> = {}): Outcome => {
    const extra =
      config.spreadSeconds === undefined ? 0 : deterministicRandom(place.executionId, String(place.visit)) * config.spreadSeconds;
    const until = new Date(moment.toMillis() + Math.floor(extra * 1000));
    return waitUntil(until, { until: until.toISOString(), ...more });
  };

  switch (config.mode) {
    case "duration":
      if (config.unit === "business_days") return rest(plusBusinessDays(here, config.amount), { zone });
      // A day is 24 hours here, not a day of the calendar, also in the night when clocks change.
      return rest(here.plus({ seconds: config.amount * delayUnits[config.unit] }));
    case "until_time":
      return rest(nextTimeOfDay(config.time, config.weekdays ?? [], here), { zone });
    case "until_date": {
      const date = findDate(config, read(config.field), here);
      if (date && date > here) return rest(date, { zone });
      const output = { date: date?.toUTC().toISO() ?? null };
      if (config.past === "exit") return next("past", output);
      if (config.past === "go_on" || !date) return next("next", output);
      return rest(nextTimeOfDay(date.toFormat("HH:mm"), [], here), { zone, ...output });
    }
  }
};
