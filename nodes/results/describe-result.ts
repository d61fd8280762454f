import type { ResultFact } from "#contract/node-result.ts";
import { findDefinition } from "../definitions.ts";
import { drawnAwayFact } from "./facts.ts";

export interface DescribedResult {
  facts: readonly ResultFact[];
  /** Whether the result holds more than its node type declares: then the raw record is worth opening. */
  hasMore: boolean;
}

/**
 * Describes the result of a step for the history. A result may be older than the node types of today. A key that does
 * not fit its declaration is therefore left to the raw record, and so is everything of a type that is not known.
 */
export function describeResult(step: {
  nodeType: string;
  status: string;
  result: Readonly<Record<string, unknown>> | null;
}): DescribedResult {
  const definition = findDefinition(step.nodeType);
  const stored = Object.entries(step.result ?? {});
  if (!definition) return { facts: [], hasMore: stored.some(([, value]) => value !== null) };
  // Every key of an output is optional, so each is judged alone.
  const fits = stored.filter(([key, value]) => definition.output.safeParse({ [key]: value }).success);
  const result = Object.fromEntries(fits);
  const { goal } = result;
  return {
    facts: [
      ...definition.describeResult(result, { isWaiting: step.status === "waiting" }),
      // The author of a webhook may have named a field of its answer `goal`.
      ...(step.status === "skipped" && typeof goal === "string" ? drawnAwayFact(goal) : []),
    ],
    hasMore: stored.some(([key, value]) => value !== null && !fits.some(([fitting]) => fitting === key)),
  };
}
