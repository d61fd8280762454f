import { workerKilled, workerKilledResend, workerKilledTwilio, workerKilledTwilioResend } from "./r1-worker-killed.ts";
import { namedPoints } from "./r2-named-points.ts";
import { recoveryTime } from "./r3-recovery-time.ts";
import { r4 } from "./r4-api-killed.ts";
import { databaseKilled } from "./r5-database-killed.ts";
import { databaseAway } from "./r6-database-away.ts";
import { r7 } from "./r7-network.ts";
import { providerFaults } from "./r8-provider-faults.ts";
import { r9 } from "./r9-same-key.ts";
import { r10 } from "./r10-clock-skew.ts";
import { r12 } from "./r12-local-times.ts";
import { r13 } from "./r13-rolling-restart.ts";
import { r14 } from "./r14-flow-changed.ts";
import { cancelStorm } from "./r15-cancel-storm.ts";
import { r16 } from "./r16-volume.ts";
import { fairness } from "./r17-fairness.ts";
import { r19 } from "./r19-supervisor-killed.ts";
import { restoredCopy } from "./r21-restored-copy.ts";
import type { Scenario } from "./scenario.ts";

/** Every test of the contract under faults, in the order of its numbers. */
export const scenarios: readonly Scenario[] = [
  ...[
    workerKilled,
    workerKilledResend,
    workerKilledTwilio,
    workerKilledTwilioResend,
    namedPoints,
    recoveryTime,
    r4,
    databaseKilled,
    databaseAway,
    r7,
    providerFaults,
    r9,
  ],
  ...[r10, r12, r13, r14, cancelStorm, r16, fairness, r19, restoredCopy],
];
