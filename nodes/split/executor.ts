import type { NodeExecutor } from "#engine/flow/node-executor.ts";
import { next } from "#engine/flow/node-executor.ts";
import { deterministicRandom } from "../values/deterministic-random.ts";
import type { split } from "./definition.ts";

/** The draw depends on ids alone, so a pass that is repeated after a crash draws the same share. */
export const executeSplit: NodeExecutor<typeof split> = ({ config, contact, place }) => {
  const lot =
    config.draw === "sticky"
      ? deterministicRandom(place.flowId, place.nodeId, contact.id)
      : deterministicRandom(place.draw, String(place.visit));
  let upTo = 0;
  for (const { id, label, percent } of config.shares) {
    upTo += percent;
    if (lot * 100 < upTo && percent > 0) return next(id, { share: id, label: label || id });
  }
  // A sum of fractions may come out slightly below 100.
  const last = config.shares.findLast(({ percent }) => percent > 0);
  if (!last) throw new Error("A split without shares was run");
  return next(last.id, { share: last.id, label: last.label || last.id });
};
