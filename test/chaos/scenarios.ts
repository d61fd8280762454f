import { workerKilled } from "./r1-worker-killed.ts";
import type { Scenario } from "./scenario.ts";

/** Every test of the contract under faults, in the order of its numbers. */
export const scenarios: readonly Scenario[] = [workerKilled];
