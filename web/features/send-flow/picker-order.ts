import type { FlowSummary } from "#contract/flows.ts";
import { byFlowName } from "#web/entities/flows/flow-names.ts";

const mostRecent = 3;
/** Fewer flows than this are listed by name alone: splitting a short list would only hide its order. */
const worthSplitting = 6;

/** Orders the flows of the picker: the three sent last, then all others by name. */
export const pickerOrder = (flows: readonly FlowSummary[]): { recent: FlowSummary[]; others: FlowSummary[] } => {
  const named = flows.toSorted(byFlowName);
  if (named.length < worthSplitting) return { recent: [], others: named };
  const recent = named
    .filter((flow) => flow.lastSentAt !== null && flow.canStart)
    .toSorted((a, b) => Date.parse(b.lastSentAt ?? "") - Date.parse(a.lastSentAt ?? ""))
    .slice(0, mostRecent);
  return { recent, others: named.filter((flow) => !recent.includes(flow)) };
};
