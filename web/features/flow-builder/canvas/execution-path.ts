import type { Step, StepStatus } from "#contract/executions.ts";
import type { FlowEdge, FlowGraph } from "#contract/flows.ts";

/** What a path needs to know of a step. */
type PathStep = Pick<Step, "nodeId" | "visit" | "attempt" | "status" | "exit">;

/** The path of one execution on a graph. */
export interface ExecutionPath {
  /** By node id, the visits at which the execution was there (1, 2, …) and the status of the last one. */
  nodes: Map<string, { order: number[]; status: StepStatus }>;
  /** The ids of the edges that it went along. */
  edges: Set<string>;
  /** Visits to nodes that the graph does not have. An intact record holds none. */
  strangers: string[];
}

/** The last attempt of every visit, in the order of the visits. */
export const visitsOf = (steps: readonly PathStep[]): PathStep[] => {
  const last = new Map<number, PathStep>();
  for (const step of steps) {
    const known = last.get(step.visit);
    if (!known || step.attempt >= known.attempt) last.set(step.visit, step);
  }
  return [...last.values()].sort((a, b) => a.visit - b.visit);
};

/**
 * Finds the path of an execution from its steps alone. An edge counts as travelled when a visit to its target follows a
 * visit to its source. Of several edges between the two, the one of the exit that was taken counts. `before`: how many visits it
 * made elsewhere before the first of these.
 */
export const pathOf = (graph: FlowGraph, steps: readonly PathStep[], before = 0): ExecutionPath => {
  const known = new Set(graph.nodes.map((node) => node.id));
  const path: ExecutionPath = { nodes: new Map(), edges: new Set(), strangers: [] };
  const visits = visitsOf(steps);
  visits.forEach((step, index) => {
    if (!known.has(step.nodeId)) path.strangers.push(step.nodeId);
    const seen = path.nodes.get(step.nodeId);
    path.nodes.set(step.nodeId, { order: [...(seen?.order ?? []), before + index + 1], status: step.status });
    const next = visits[index + 1];
    const edge = next && travelled(graph.edges, step, next.nodeId);
    if (edge) path.edges.add(edge.id);
  });
  return path;
};

const travelled = (edges: readonly FlowEdge[], step: PathStep, target: string): FlowEdge | undefined => {
  const between = edges.filter((edge) => edge.source === step.nodeId && edge.target === target);
  return between.find((edge) => edge.sourceHandle === step.exit) ?? between.find((edge) => edge.sourceHandle == null) ?? between[0];
};
