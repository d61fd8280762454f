import type { Step } from "#contract/executions.ts";
import { formatExact } from "#ui/format.ts";

export interface Fact {
  label: string;
  value: string;
}

/** One comparison a condition made. */
export interface Comparison {
  branch: string;
  field: string;
  operator: string;
  wanted: unknown;
  found: unknown;
  held: boolean;
}

export interface StepFacts {
  facts: Fact[];
  compared: Comparison[];
  /** Whether there is more in the record than what is told: then the raw record is worth opening. */
  hasMore: boolean;
}

const labels: Record<string, string> = {
  until: "Planned until",
  zone: "Time zone",
  fields: "Fields without a value",
};
/** Which message a step sent or tried to send. */
export const messageIdOf = ({ result }: Pick<Step, "result">): string | null =>
  typeof result?.messageId === "string" ? result.messageId : null;

const results: Record<string, string> = { reached: "Goal reached", not_reached: "Goal not reached", neutral: "Left the flow" };
/** Told elsewhere on the step, or only of use to machines. */
const silent = new Set(["compared", "branch", "label", "messageId", "provider", "steps", "lastNode"]);

/** The result of a step in the words of a person; what has no words is left to the raw record. */
export const stepFacts = (step: Pick<Step, "result" | "status">, zone: string): StepFacts => {
  const result = step.result ?? {};
  const facts: Fact[] = [];
  let hasMore = false;
  for (const [key, value] of Object.entries(result)) {
    const label = key === "result" ? "Result" : labels[key];
    const words = factWords(key, value, zone);
    if (silent.has(key) || value === null || (key === "until" && step.status === "waiting")) continue;
    if (label === undefined || words === undefined) hasMore = true;
    else facts.push({ label, value: words });
  }
  return { facts, compared: comparisons(result.compared), hasMore };
};

const factWords = (key: string, value: unknown, zone: string): string | undefined => {
  if (key === "result") return typeof value === "string" ? (results[value] ?? value) : undefined;
  if (key === "until" && typeof value === "string" && !Number.isNaN(Date.parse(value))) return formatExact(value, zone);
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value.join(", ");
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
};

const comparisons = (value: unknown): Comparison[] =>
  Array.isArray(value)
    ? value.flatMap((each: unknown) => {
        if (typeof each !== "object" || each === null) return [];
        const { branch, field, operator, wanted, found, held } = each as Record<string, unknown>;
        if (typeof field !== "string" || typeof operator !== "string" || typeof held !== "boolean") return [];
        return [{ branch: String(branch ?? ""), field, operator, wanted: wanted ?? null, found: found ?? null, held }];
      })
    : [];

/** A value found on the contact, quoted so that an empty one and a space can be told apart. */
export const foundWords = (found: unknown): string => {
  if (found === null || found === undefined || found === "") return "nothing";
  if (typeof found === "boolean") return found ? "yes" : "no";
  return `“${String(found)}”`;
};
