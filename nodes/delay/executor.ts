import { DateTime, IANAZone } from "luxon";
import type { z } from "zod";
import type { NodeExecutor } from "#engine/executor.ts";
import { next, waitUntil } from "#engine/executor.ts";
import type { DelayConfig, delay } from "./definition.ts";
import { delayUnits } from "./definition.ts";

type UntilTime = Extract<z.output<typeof DelayConfig>, { mode: "until_time" }>;

export const executeDelay: NodeExecutor<typeof delay> = ({ config, now, waited, contact, workspace }) => {
  if (waited) return next();
  if (config.mode === "duration") {
    const until = new Date(now.getTime() + config.amount * delayUnits[config.unit] * 1000);
    return waitUntil(until, { until: until.toISOString() });
  }
  const zone = chooseZone(config.zone === "contact" ? contact.time_zone : null, workspace.timeZone);
  const until = nextTimeOfDay(config, now, zone);
  return waitUntil(until, { until: until.toISOString(), zone });
};

/** A contact whose zone is unknown or misspelt lives, as far as we know, where the workspace does. */
function chooseZone(...candidates: (string | null)[]): string {
  return candidates.find((zone) => zone !== null && IANAZone.isValidZone(zone)) ?? "UTC";
}

/**
 * The next moment, after now, at which clocks in the zone show the hour. On the night when clocks go forward an hour
 * that does not exist becomes the same time on the new clock (02:30 is then 03:30); on the night when they go back, an
 * hour that comes twice counts once, the first time.
 */
export function nextTimeOfDay({ time, weekdays = [] }: UntilTime, now: Date, zone: string): Date {
  const here = DateTime.fromJSDate(now, { zone });
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  // Eight days, because today's hour may be over and a single weekday be wanted.
  for (let day = 0; day <= 8; day += 1) {
    const date = here.plus({ days: day });
    const candidate = firstOccurrence(date, hour, minute, zone);
    if (candidate <= here) continue;
    if (weekdays.length === 0 || weekdays.includes(date.weekday)) return candidate.toJSDate();
  }
  throw new Error(`No ${time} was found within eight days after ${now.toISOString()} in ${zone}`);
}

function firstOccurrence(date: DateTime, hour: number, minute: number, zone: string): DateTime {
  const { year, month, day } = date;
  const moments = DateTime.fromObject({ year, month, day, hour, minute }, { zone }).getPossibleOffsets();
  return DateTime.min(...moments) ?? date;
}
