import { type FlowInput, FlowInputs } from "#contract/flow-inputs.ts";
import type { FlowNode } from "#contract/flows.ts";

/** What a flow asks for when it is sent, as its start says; nothing where that cannot be read. */
export function inputsOf(nodes: readonly FlowNode[]): FlowInput[] {
  const asked = nodes.find(({ type }) => type === "start")?.data.config?.inputs;
  return FlowInputs.safeParse(asked ?? []).data ?? [];
}
