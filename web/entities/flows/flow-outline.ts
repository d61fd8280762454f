import type { FlowEdge, FlowNode } from "#contract/flows.ts";

/** A line of the drawing of a flow as an indented list. */
export type OutlineLine =
  | { kind: "node"; node: FlowNode; depth: number }
  /** An exit of the node above; the deeper lines follow it. */
  | { kind: "branch"; handle: string | null; of: FlowNode; depth: number; empty: boolean }
  /** The path continues at a node that is drawn elsewhere. */
  | { kind: "goto"; node: FlowNode; depth: number };

/**
 * Draws a flow from its start as a list: branches are indented under the node they leave, and where they meet again
 * the list goes on at the outer level. A path back to something drawn says so instead of being drawn again, so a
 * flow with a loop, or a broken one, still ends.
 */
export const outlineFlow = (nodes: readonly FlowNode[], edges: readonly FlowEdge[]): OutlineLine[] => {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const good = edges.filter((edge) => byId.has(edge.source) && byId.has(edge.target));
  const leaving = Map.groupBy(good, (edge) => edge.source);
  const arriving = Map.groupBy(good, (edge) => edge.target);
  const lines: OutlineLine[] = [];
  const drawn = new Set<string>();
  const reached = new Map<string, number>();

  const draw = (node: FlowNode, depth: number): string[] => {
    drawn.add(node.id);
    lines.push({ kind: "node", node, depth });
    const exits = leaving.get(node.id) ?? [];
    if (exits.length > 1) return fork(node, exits, depth);
    return exits[0] ? arrive(exits[0].target, depth) : [];
  };

  /** Draws a node and what follows. Returns the nodes where this path meets others and which are still to be drawn. */
  const arrive = (id: string, depth: number): string[] => {
    const node = byId.get(id) as FlowNode;
    if (drawn.has(id)) {
      lines.push({ kind: "goto", node, depth });
      return [];
    }
    return depth > 0 && (arriving.get(id)?.length ?? 0) > 1 ? [id] : draw(node, depth);
  };

  const fork = (node: FlowNode, exits: readonly FlowEdge[], depth: number): string[] => {
    const meetings = new Set<string>();
    for (const { sourceHandle, target } of exits) {
      const branch = { kind: "branch" as const, handle: sourceHandle ?? null, of: node, depth: depth + 1, empty: false };
      lines.push(branch);
      for (const meeting of arrive(target, depth + 1)) {
        reached.set(meeting, (reached.get(meeting) ?? 0) + 1);
        meetings.add(meeting);
      }
      branch.empty = lines.at(-1) === branch;
    }
    // A node that every path has reached is drawn here. A node that other paths still lead to is drawn by the outer fork.
    return [...meetings].flatMap((meeting) => {
      const complete = (reached.get(meeting) ?? 0) >= (arriving.get(meeting)?.length ?? 0);
      if (depth > 0 && !complete) return [meeting];
      return drawn.has(meeting) ? [] : draw(byId.get(meeting) as FlowNode, depth);
    });
  };

  const start = nodes.find((node) => node.type === "start") ?? nodes.find((node) => !arriving.has(node.id)) ?? nodes[0];
  if (start) draw(start, 0);
  return lines;
};
