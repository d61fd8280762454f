import type { Step } from "#contract/executions.ts";
import type { Comparison, FieldChange, ResultFact } from "#contract/node-result.ts";
import { describeResult } from "#nodes/results/describe-result.ts";
import { formatDuration, formatExact } from "#ui/format.ts";

export interface StepFacts {
  /** The facts that are shown as a label and a line of text. */
  facts: { label: string; value: string }[];
  compared: readonly Comparison[];
  changes: readonly FieldChange[];
  /** The execution of another flow that this step began. */
  started: string | null;
  /** The beginning of what another server answered. */
  answer: string | null;
  /** Whether the result holds more than is told: then the raw record is worth opening. */
  hasMore: boolean;
}

type ShownStep = Pick<Step, "result" | "status" | "nodeType">;

/** The result of a step as its node type tells it, sorted by how the history shows it. */
export const stepFacts = (step: ShownStep, zone: string): StepFacts => {
  const { facts, hasMore } = describeResult(step);
  return {
    facts: facts.flatMap((fact) => {
      const value = lineOf(fact, zone);
      return value === null ? [] : [{ label: fact.label, value }];
    }),
    compared: facts.flatMap((fact) => (fact.kind === "comparisons" ? fact.value : [])),
    changes: facts.flatMap((fact) => (fact.kind === "changes" ? fact.value : [])),
    started: facts.find(({ kind }) => kind === "execution")?.value.toString() ?? null,
    answer: facts.find(({ kind }) => kind === "quote")?.value.toString() ?? null,
    hasMore,
  };
};

/** The id of the message that a step sent or tried to send. */
export const messageIdOf = (step: ShownStep): string | null =>
  describeResult(step)
    .facts.find(({ kind }) => kind === "message")
    ?.value.toString() ?? null;

const lineOf = (fact: ResultFact, zone: string): string | null => {
  switch (fact.kind) {
    case "text":
      return fact.value;
    case "time":
      return formatExact(fact.value, zone);
    case "duration":
      return formatDuration(fact.value);
    default:
      return null;
  }
};
