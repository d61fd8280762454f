import type { FlowNode, FlowSummary } from "#contract/flows.ts";
import { fewOf } from "#contract/send-canary.ts";
import { formatCount } from "#ui/format.ts";
import { inputsOf } from "#web/entities/flows/flow-inputs.ts";
import type { Preset } from "./preset.ts";

interface Now {
  /** The flow that is chosen in the dialog; null where none is, or where it can no longer be chosen. */
  flow: Pick<FlowSummary, "id"> | null;
  flowId: string | null;
  /** The steps of the flow, once they are read. */
  nodes: readonly FlowNode[] | undefined;
}

/** What a saved launch says and cannot be kept to any more, in whole sentences. A flow that was chosen instead is another matter. */
export function unfitTerms({ launch, terms, audience }: Preset, { flow, flowId, nodes }: Now): string[] {
  if (flowId !== launch.flowId) return [];
  const found: string[] = [];
  if (flow === null)
    found.push(`The flow “${launch.flowName}” cannot be sent any more. It was archived or has no steps. Choose another one.`);
  const asked = nodes && new Set(inputsOf(nodes).map(({ name }) => name));
  const unasked = asked ? Object.keys(terms.values ?? {}).filter((name) => !asked.has(name)) : [];
  if (unasked.length > 0) found.push(`The flow no longer asks for ${unasked.map((name) => `“${name}”`).join(", ")}, so this is left out.`);
  const { canary } = terms;
  if (canary?.contacts !== undefined && fewOf({ contacts: canary.contacts, percent: null }, audience.total) >= audience.total)
    found.push(`It tries with ${formatCount(canary.contacts)} first. There are no more contacts than these now, so all begin at once.`);
  return found;
}
