import type { FlowSummary } from "#contract/flows.ts";

const mostRecent = 3;
/** With a handful of flows the eye is faster than any order; splitting them would only hide the alphabet. */
const worthSplitting = 6;

const byName = new Intl.Collator("en", { numeric: true, sensitivity: "base" }).compare;

/** The flows of the picker: those sent last on top, then all others by name. */
export const orderFlows = (flows: readonly FlowSummary[]): { recent: FlowSummary[]; others: FlowSummary[] } => {
  const named = flows.toSorted((a, b) => byName(a.name, b.name));
  if (named.length < worthSplitting) return { recent: [], others: named };
  const recent = named
    .filter((flow) => flow.lastSentAt !== null && flow.canStart)
    .toSorted((a, b) => Date.parse(b.lastSentAt ?? "") - Date.parse(a.lastSentAt ?? ""))
    .slice(0, mostRecent);
  return { recent, others: named.filter((flow) => !recent.includes(flow)) };
};
