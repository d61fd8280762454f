import type { NodeExecutor } from "#engine/flow/node-executor.ts";
import { end, next, watchUntil } from "#engine/flow/node-executor.ts";
import { tryTests } from "../condition/try-tests.ts";
import { lookAgainAt } from "../time/watch-fields.ts";
import type { goal } from "./definition.ts";

/** The engine also asks it for executions that stand before the goal. Those that would leave by the first exit are drawn here. */
export const executeGoal: NodeExecutor<typeof goal> = (context) => {
  const { config, now, waiting, drawnFrom } = context;
  const { fits, compared } = tryTests(config, context);
  if (fits) return next("reached", { from: drawnFrom ?? null, compared });
  if (config.otherwise === "end") return end({ result: "not_reached", compared });
  if (config.otherwise === "continue") return next("not_reached", { compared });
  const until = waiting?.until ?? new Date(now.getTime() + config.limitSeconds * 1000);
  if (until <= now) return next("not_reached", { compared });
  return watchUntil(until, { lookAgainAt: lookAgainAt(config.lookAgainSeconds, now) });
};
