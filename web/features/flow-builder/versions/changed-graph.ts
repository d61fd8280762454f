import type { FlowChange } from "#contract/flow-versions.ts";
import type { FlowGraph } from "#contract/flows.ts";
import type { StepMark } from "../canvas/step-mark.tsx";

/** Both contents in one drawing: what there is after, and what was taken away as it hung together before; with a mark on each step that differs. */
export function changedGraph(
  changes: readonly FlowChange[],
  before: FlowGraph,
  after: FlowGraph,
): { graph: FlowGraph; marks: ReadonlyMap<string, StepMark> } {
  const [was, is] = [before, after].map(({ nodes }) => new Set(nodes.map(({ id }) => id))) as [Set<string>, Set<string>];
  const marks = new Map<string, StepMark>();
  for (const { kind, nodeId } of changes) {
    if (nodeId === undefined) continue;
    if (kind === "node_added") marks.set(nodeId, "added");
    else if (kind === "node_removed") marks.set(nodeId, "removed");
    // Where it leads is a change of the step, unless the step itself is new or gone.
    else if (is.has(nodeId) && was.has(nodeId)) marks.set(nodeId, "changed");
  }
  const ghosts = before.nodes.filter(({ id }) => !is.has(id));
  const ghostLines = before.edges.filter(({ source, target }) => !is.has(source) || !is.has(target));
  const lines = new Set(after.edges.map(({ id }) => id));
  return {
    graph: {
      nodes: [...after.nodes, ...ghosts],
      // An edge of the same id may lead elsewhere now.
      edges: [...after.edges, ...ghostLines.map((edge) => (lines.has(edge.id) ? { ...edge, id: `${edge.id} before` } : edge))],
    },
    marks,
  };
}
