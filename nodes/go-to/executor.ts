import type { NodeExecutor } from "#engine/flow/node-executor.ts";
import { next, waitUntil } from "#engine/flow/node-executor.ts";
import type { goTo } from "./definition.ts";

/** A round is a visit of this execution to this node. Rounds are counted from its steps, so a crash loses none. */
export const executeGoTo: NodeExecutor<typeof goTo> = ({ config, now, waited, place }) => {
  const round = place.earlierVisits + 1;
  if (round > config.times) return next("limit_reached", { rounds: config.times });
  const output = { round, of: config.times, target: config.target };
  if (waited || config.pauseSeconds === 0) return next("next", output);
  return waitUntil(new Date(now.getTime() + config.pauseSeconds * 1000), output);
};
