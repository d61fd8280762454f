import type { FlowSummary } from "#contract/flows.ts";
import { byFlowName } from "#web/entities/flows/flow-names.ts";

const mostRecent = 3;
/** Fewer flows than this are listed by name alone: splitting a short list would only hide its order. */
const worthSplitting = 6;

interface PickerGroups {
  favourites: FlowSummary[];
  recent: FlowSummary[];
  others: FlowSummary[];
}

/** Orders the flows of the picker: one's favourites, the three that were last sent or opened by oneself, then all others by name. */
export const pickerOrder = (flows: readonly FlowSummary[]): PickerGroups => {
  const named = flows.toSorted(byFlowName);
  if (named.length < worthSplitting) return { favourites: [], recent: [], others: named };
  const favourites = named.filter(({ favourite }) => favourite);
  const recent = named
    .filter((flow) => !flow.favourite && flow.canStart && lastUse(flow) > 0)
    .toSorted((a, b) => lastUse(b) - lastUse(a))
    .slice(0, mostRecent);
  return { favourites, recent, others: named.filter((flow) => !flow.favourite && !recent.includes(flow)) };
};

const lastUse = ({ lastSentAt, openedAt }: FlowSummary): number =>
  Math.max(...[lastSentAt, openedAt].map((at) => (at ? Date.parse(at) : 0)));
