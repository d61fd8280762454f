import { z } from "zod";
import { ExecutionFilter } from "./executions.ts";

/** Whose numbers are asked for; the same conditions as those of the Enrollment History. */
export const StepCountQuery = ExecutionFilter.pick({ sendId: true, versionId: true, from: true, to: true, testRuns: true });
export type StepCountQuery = z.infer<typeof StepCountQuery>;

/**
 * How many executions came to a step and what became of each at its last visit. Each number is the total of the history
 * with the filter that asks for it: `nodeId`, `passedNodeId`, `skippedNodeId`, `failedNodeId`, or `leftNodeId` and `exit`.
 */
export const StepCount = z.object({
  waiting: z.number().int(),
  passed: z.number().int(),
  skipped: z.number().int(),
  failed: z.number().int(),
  /** By the exit that they left by. */
  exits: z.record(z.string(), z.number().int()),
});
export type StepCount = z.infer<typeof StepCount>;

export const StepCounts = z.object({ steps: z.record(z.string(), StepCount) });
export type StepCounts = z.infer<typeof StepCounts>;
