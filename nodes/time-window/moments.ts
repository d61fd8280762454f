import { DateTime } from "luxon";
import type { z } from "zod";
import { type ClockMoment, type FindMoments, mostMoments } from "../time/next-moments.ts";
import { zoneOf } from "../time/zone-of.ts";
import type { TimeWindowConfig } from "./definition.ts";
import { executeTimeWindow } from "./executor.ts";
import { findClosing } from "./find-opening.ts";

/** The next times at which the window is open: now, if it is, and then each time after it has closed. */
export const timeWindowMoments: FindMoments<z.output<typeof TimeWindowConfig>> = (context) => {
  const whose = zoneOf(context, context.config.zone);
  const config = { ...context.config, outside: "wait" as const };
  const moments: ClockMoment[] = [];
  for (let comes = context.now; moments.length < mostMoments; ) {
    const outcome = executeTimeWindow({ ...context, config, now: comes });
    const goesOn = outcome.type === "wait" ? outcome.until : comes;
    const closes = findClosing(config, DateTime.fromJSDate(goesOn, { zone: whose.zone }))?.toJSDate();
    moments.push({ comes, goesOn, exit: "inside", closes });
    if (!closes) break;
    comes = closes;
  }
  return { ...whose, moments };
};
