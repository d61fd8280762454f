import type { FlowNode } from "#contract/flows.ts";
import { exitsOf, type Graph, jumpsOf, type Place } from "./exits.ts";
import { putPart } from "./paste.ts";

/**
 * Puts a step at a place, or where several ways meet. By each of its exits it leads to where the place led, so the flow does
 * the same as before until something else is put there. Answers whether something leads to it: a step that only ends is not
 * put where others follow.
 */
export function insertNode(graph: Graph, at: Place | readonly Place[], node: FlowNode): boolean {
  const part = { sluice: "flow-part" as const, version: 1 as const, nodes: [node], edges: [], entry: node.id };
  return putPart(graph, { ...part, loose: requiredExits(node) }, "source" in at ? [at] : at);
}

/** The exits of a step that must lead somewhere along an edge. */
function requiredExits(node: FlowNode): Place[] {
  const jumps = jumpsOf(node);
  return exitsOf(node).flatMap(({ handle, optional, aside }) =>
    optional || aside || Object.hasOwn(jumps, handle) ? [] : [{ source: node.id, exit: handle }],
  );
}
