import { workerKilled } from "./r1-worker-killed.ts";
import { namedPoints } from "./r2-named-points.ts";
import { recoveryTime } from "./r3-recovery-time.ts";
import { databaseKilled } from "./r5-database-killed.ts";
import { providerFaults } from "./r8-provider-faults.ts";
import { cancelStorm } from "./r15-cancel-storm.ts";
import { fairness } from "./r17-fairness.ts";
import type { Scenario } from "./scenario.ts";

/** Every test of the contract under faults, in the order of its numbers. */
export const scenarios: readonly Scenario[] = [
  workerKilled,
  namedPoints,
  recoveryTime,
  databaseKilled,
  providerFaults,
  cancelStorm,
  fairness,
];
