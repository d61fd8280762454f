import type { FlowSummary } from "#contract/flows.ts";
import { byFlowName } from "#web/entities/flows/flow-names.ts";

const mostRecent = 3;
/** With a handful of flows the eye is faster than any order; splitting them would only hide the alphabet. */
const worthSplitting = 6;

/** The flows of the picker: those sent last on top, then all others by name. */
export const pickerOrder = (flows: readonly FlowSummary[]): { recent: FlowSummary[]; others: FlowSummary[] } => {
  const named = flows.toSorted(byFlowName);
  if (named.length < worthSplitting) return { recent: [], others: named };
  const recent = named
    .filter((flow) => flow.lastSentAt !== null && flow.canStart)
    .toSorted((a, b) => Date.parse(b.lastSentAt ?? "") - Date.parse(a.lastSentAt ?? ""))
    .slice(0, mostRecent);
  return { recent, others: named.filter((flow) => !recent.includes(flow)) };
};
