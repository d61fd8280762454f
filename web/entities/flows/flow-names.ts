import type { FlowSummary } from "#contract/flows.ts";

const { compare } = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** Orders flows by name as people read it: "Step 2" before "Step 10", upper and lower case alike. */
export const byFlowName = (a: Pick<FlowSummary, "name">, b: Pick<FlowSummary, "name">): number => compare(a.name, b.name);
