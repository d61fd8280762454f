import type { NodeType } from "./definitions.ts";
import { delayMoments } from "./delay/moments.ts";
import type { FindMoments } from "./time/next-moments.ts";
import { timeWindowMoments } from "./time-window/moments.ts";

// Each is only ever given a configuration that the definition of its type parsed.
// biome-ignore lint/suspicious/noExplicitAny: see above
const momentsOf: Readonly<Partial<Record<NodeType, FindMoments<any>>>> = { delay: delayMoments, time_window: timeWindowMoments };

/** For a type that waits by the clock: when contacts go on that come to it. */
export const findMomentsOf = (type: string): FindMoments<unknown> | undefined =>
  Object.hasOwn(momentsOf, type) ? momentsOf[type as NodeType] : undefined;
