import type { FlowGraph, FlowNode } from "#contract/flows.ts";
import { describeNode } from "#nodes/describe-node.tsx";

export interface StepInOrder {
  node: FlowNode;
  /** Where each way out of the step leads, for a step with several. */
  ways: { exit: string; to: string }[];
}

/** All steps of a graph as a contact passes them, one branch behind the other. Steps that nothing leads to come last. */
export function stepsInOrder({ nodes, edges }: FlowGraph): StepInOrder[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const leaving = Map.groupBy(edges, ({ source }) => source);
  const placed = new Set<string>();
  const nameOf = (id: string) => {
    const node = byId.get(id);
    return node ? describeNode(node).label : id;
  };
  const walk = (first: string) => {
    const ahead = [first];
    for (let id = ahead.pop(); id !== undefined; id = ahead.pop()) {
      const node = byId.get(id);
      if (!node || placed.has(id)) continue;
      placed.add(id);
      const next = [...(leaving.get(id) ?? []).map(({ target }) => target), ...Object.values(describeNode(node).jumps)];
      ahead.push(...next.toReversed());
    }
  };
  const entriesFirst = nodes.toSorted((one, other) => Number(describeNode(other).isEntry) - Number(describeNode(one).isEntry));
  for (const { id } of entriesFirst) walk(id);
  return [...placed].flatMap((id) => {
    const node = byId.get(id);
    if (!node) return [];
    const { exits, jumps } = describeNode(node);
    const edgesOut = leaving.get(id) ?? [];
    const ways = exits.flatMap(({ handle, label }, at) => {
      const edge = edgesOut.find(({ sourceHandle }) => (sourceHandle ? sourceHandle === handle : at === 0));
      const to = edge?.target ?? jumps[handle];
      return to === undefined ? [] : [{ exit: label, to: nameOf(to) }];
    });
    return [{ node, ways: ways.length > 1 ? ways : [] }];
  });
}
