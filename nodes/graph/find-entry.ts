import { findDefinition } from "../definitions.ts";
import type { CheckedNode, Report, Targets } from "./checked-node.ts";

/** The node where an execution begins. It is the typed start, or else the only node to which no edge leads. */
export function findEntry(graph: {
  nodes: readonly { id: string; type: string }[];
  edges: readonly { target: string }[];
}): string | undefined {
  const starts = graph.nodes.filter(({ type }) => findDefinition(type)?.category === "entry");
  if (starts.length > 0) return starts[0]?.id;
  const entered = new Set(graph.edges.map(({ target }) => target));
  const roots = graph.nodes.filter(({ id }) => !entered.has(id));
  return roots.length === 1 ? roots[0]?.id : undefined;
}

/** The nodes where executions may begin, with a report where these are none or several. */
export function findEntries(nodes: Map<string, CheckedNode>, targets: Targets, report: Report): string[] {
  if (nodes.size === 0) return [];
  const starts = [...nodes.values()].filter(({ definition }) => definition?.category === "entry");
  if (starts.length > 1) {
    const fix = { kind: "delete_step", label: "Delete this start" } as const;
    for (const [index, { id }] of starts.entries()) {
      const message = `The flow has ${starts.length} starts; only one is allowed.`;
      report("several_starts", message, { nodeId: id, ...(index > 0 && { fix }) });
    }
  }
  if (starts.length > 0) return starts.map(({ id }) => id);
  const entered = new Set([...targets.values()].flatMap((leaving) => [...leaving.values()]));
  const roots = [...nodes.keys()].filter((id) => !entered.has(id));
  if (roots.length !== 1) {
    const first = roots[0] ?? [...nodes.keys()][0];
    const fix = { kind: "add_start", label: "Add a start before it" } as const;
    report("no_start", `The flow has no start, and ${roots.length === 0 ? "none" : roots.length} of its steps could be the first.`, {
      ...(first !== undefined && { nodeId: first, fix }),
    });
  }
  return roots;
}
