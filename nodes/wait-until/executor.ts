import type { NodeExecutor } from "#engine/flow/node-executor.ts";
import { next, watchUntil } from "#engine/flow/node-executor.ts";
import { tryTests } from "../condition/try-tests.ts";
import { lookAgainAt } from "../time/watch-fields.ts";
import type { waitUntil } from "./definition.ts";

/** The engine asks whenever the contact changes. A group of tests that fits when the time is over still counts as met. */
export const executeWaitUntil: NodeExecutor<typeof waitUntil> = (context) => {
  const { config, now, waiting } = context;
  const { fits, compared } = tryTests(config, context);
  const waitedSeconds = waiting ? Math.max(0, Math.round((now.getTime() - waiting.since.getTime()) / 1000)) : 0;
  if (fits) return next("met", { waitedSeconds, compared });
  const until = waiting?.until ?? new Date(now.getTime() + config.limitSeconds * 1000);
  if (until <= now) return next("time_over", { waitedSeconds, compared });
  return watchUntil(until, { lookAgainAt: lookAgainAt(config.lookAgainSeconds, now) });
};
