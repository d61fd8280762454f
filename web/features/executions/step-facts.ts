import type { Step } from "#contract/executions.ts";
import { type Reason, reasons } from "#contract/reasons.ts";
import { formatDuration, formatExact, plural } from "#ui/format.ts";

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

/** A field of the contact as it was and as it became. */
export interface Change {
  field: string;
  before: unknown;
  after: unknown;
}

export interface StepFacts {
  facts: Fact[];
  compared: Comparison[];
  changes: Change[];
  /** The execution of another flow that this step began. */
  started: string | null;
  /** The beginning of what another server answered. */
  answer: string | null;
  /** Whether there is more in the record than what is told: then the raw record is worth opening. */
  hasMore: boolean;
}

const labels: Record<string, string> = {
  until: "Planned until",
  zone: "Time zone",
  fields: "Fields without a value",
  missing: "Fields without a value",
};
/** Which message a step sent or tried to send. */
export const messageIdOf = ({ result }: Pick<Step, "result">): string | null =>
  typeof result?.messageId === "string" ? result.messageId : null;

const results: Record<string, string> = { reached: "Goal reached", not_reached: "Goal not reached", neutral: "Left the flow" };
/** Told elsewhere on the step, or only of use to machines. */
const silent = new Set([
  ...["compared", "branch", "label", "messageId", "provider", "steps", "lastNode"],
  ...["changes", "before", "after", "variables", "flow_id", "execution_id", "send_id", "answer"],
]);
/** Told in full by the shape beside them. */
const besideVariables = new Set(["name", "value"]);

/** The result of a step in the words of a person; what has no words is left to the raw record. */
export const stepFacts = (step: Pick<Step, "result" | "status" | "nodeType">, zone: string): StepFacts => {
  const result = step.result ?? {};
  const variables = variableFacts(result.variables);
  const facts: Fact[] = [...variables];
  let hasMore = false;
  for (const [key, value] of Object.entries(result)) {
    if (silent.has(key) || value === null || (key === "until" && step.status === "waiting")) continue;
    if (besideVariables.has(key) && variables.length > 0) continue;
    // What a webhook's answer was read for has names of its author's own.
    const label = special[key]?.label ?? labels[key] ?? (step.nodeType === "webhook" ? key : undefined);
    const words = factWords(key, value, zone);
    if (label === undefined || words === undefined) hasMore = true;
    else if (words !== "") facts.push({ label, value: words });
  }
  const changes = changesOf(result);
  if (changes.length === 0 && ("changes" in result || "after" in result))
    facts.push({ label: "Changed", value: "Nothing: it was so already" });
  return {
    facts,
    changes,
    hasMore,
    compared: comparisons(result.compared),
    started: typeof result.execution_id === "string" ? result.execution_id : null,
    answer: typeof result.answer === "string" && result.answer !== "" ? result.answer : null,
  };
};

/** Keys whose words are their own. A status is a number where a server answered, a word where another flow ended. */
const special: Record<string, { label: string; words: (value: unknown) => string | undefined }> = {
  result: { label: "Result", words: (value) => (typeof value === "string" ? (results[value] ?? value) : undefined) },
  status: {
    label: "Answer",
    words: (value) =>
      typeof value === "number" ? `HTTP ${value}` : typeof value === "string" ? `The other flow: ${value.replace("_", " ")}` : undefined,
  },
  duration_ms: { label: "Took", words: (value) => (typeof value === "number" ? formatDuration(value) : undefined) },
  // One call needs no word.
  attempts: { label: "Calls", words: (value) => (typeof value === "number" ? (value > 1 ? String(value) : "") : undefined) },
  ended: { label: "Ended", words: (value) => (typeof value === "number" ? plural(value, "other enrollment") : undefined) },
  reason: {
    label: "Reason",
    words: (value) => (typeof value !== "string" ? undefined : Object.hasOwn(reasons, value) ? reasons[value as Reason].text : value),
  },
  rehearsed: { label: "Test", words: (value) => (value === true ? "Rehearsed only: nothing was changed" : "") },
};

const factWords = (key: string, value: unknown, zone: string): string | undefined => {
  const own = special[key];
  if (own) return own.words(value);
  if (key === "until" && typeof value === "string" && !Number.isNaN(Date.parse(value))) return formatExact(value, zone);
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value.join(", ");
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

/** "plan = “pro”": variables that were set, or taken away. */
const variableFacts = (value: unknown): Fact[] =>
  isRecord(value)
    ? Object.entries(value).map(([name, set]) => ({ label: `vars.${name}`, value: set === null ? "taken away" : foundWords(set) }))
    : [];

/** Changes by field, or all that was before beside all that is after. */
function changesOf({ changes, before, after }: Record<string, unknown>): Change[] {
  if (isRecord(changes)) {
    return Object.entries(changes).flatMap(([field, change]) =>
      isRecord(change) ? [{ field, before: change.before ?? null, after: change.after ?? null }] : [],
    );
  }
  if (!isRecord(before) || !isRecord(after)) return [];
  return Object.keys({ ...before, ...after }).flatMap((field) =>
    before[field] === after[field] ? [] : [{ field, before: before[field] ?? null, after: after[field] ?? null }],
  );
}

const comparisons = (value: unknown): Comparison[] =>
  Array.isArray(value)
    ? value.flatMap((each: unknown) => {
        if (!isRecord(each)) return [];
        const { branch, field, operator, wanted, found, held } = each;
        if (typeof field !== "string" || typeof operator !== "string" || typeof held !== "boolean") return [];
        return [{ branch: String(branch ?? ""), field, operator, wanted: wanted ?? null, found: found ?? null, held }];
      })
    : [];

/** A value found on the contact, quoted so that an empty one and a space can be told apart. */
export const foundWords = (found: unknown): string => {
  if (found === null || found === undefined || found === "") return "nothing";
  if (typeof found === "boolean") return found ? "yes" : "no";
  if (typeof found === "number") return String(found);
  return `“${typeof found === "string" ? found : JSON.stringify(found)}”`;
};
