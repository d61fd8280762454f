import type { z } from "zod";
import { type ClockMoment, type FindMoments, mostMoments } from "../time/next-moments.ts";
import { zoneOf } from "../time/zone-of.ts";
import type { DelayConfig } from "./definition.ts";
import { executeDelay } from "./executor.ts";

const dayMs = 86_400_000;

/**
 * When contacts go on that come now, and then each time when the one before went on. Of a plain length of time a contact is
 * asked a day later each time, because the next one comes at any time. What is spread by chance is left out.
 */
export const delayMoments: FindMoments<z.output<typeof DelayConfig>> = (context) => {
  const config = { ...context.config, spreadSeconds: undefined };
  const moments: ClockMoment[] = [];
  for (let comes = context.now; moments.length < mostMoments; ) {
    const outcome = executeDelay({ ...context, config, now: comes });
    if (outcome.type === "wait") moments.push({ comes, goesOn: outcome.until, exit: "next" });
    else {
      const problem = outcome.type === "fail" ? { problem: outcome.message } : {};
      const exit = outcome.type === "fail" || outcome.type === "next" ? (outcome.exit ?? "next") : "next";
      moments.push({ comes, goesOn: comes, exit, ...problem });
      break;
    }
    comes = config.mode === "duration" ? new Date(comes.getTime() + dayMs) : outcome.until;
  }
  return { ...zoneOf(context, config.mode === "duration" ? "contact" : config.zone), moments };
};
