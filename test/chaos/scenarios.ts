import { workerKilled } from "./r1-worker-killed.ts";
import { namedPoints } from "./r2-named-points.ts";
import { recoveryTime } from "./r3-recovery-time.ts";
import { databaseKilled } from "./r5-database-killed.ts";
import type { Scenario } from "./scenario.ts";

/** Every test of the contract under faults, in the order of its numbers. */
export const scenarios: readonly Scenario[] = [workerKilled, namedPoints, recoveryTime, databaseKilled];
