import type { FlowProblem } from "#contract/flows.ts";
import type { NodeDefinition, NodeExit } from "#contract/node-definition.ts";

/** A node of a graph with what its definition says about it. */
export interface CheckedNode {
  id: string;
  type: string;
  definition: NodeDefinition | undefined;
  /** Undefined when the type is unknown or the configuration is wrong; then its exits cannot be checked. */
  exits: readonly NodeExit[] | undefined;
  /** Exits that lead where the configuration says, not where an edge does. */
  jumps: Readonly<Record<string, string>>;
  /** Whether every execution rests here for at least a minute. A loop in which nothing rests could send without end. */
  rests: boolean;
  /** The flow it starts. */
  starts?: string;
  /** It is switched off: executions pass it, and nothing of it happens. */
  isOff?: boolean;
  /** The configuration as it is stored, whether it is right or not. */
  config: unknown;
  /** The configuration as its schema reads it; undefined where it is wrong. */
  parsed?: unknown;
  /** The name by which later nodes read its result. */
  key?: string;
}

/** Where each exit of each node leads, by node and exit. */
export type Targets = Map<string, Map<string, string>>;

/** Notes a problem. `where` names the node or the edge that has it, and the place in the configuration. */
export type Report = (
  code: FlowProblem["code"],
  message: string,
  where?: Omit<FlowProblem, "severity" | "code" | "message"> & { severity?: FlowProblem["severity"] },
) => void;

/** So many problems of a kind are told of one step or connection. */
export const mostTold = 10;

/** A graph as far as it could be read, for the checks that look at more than one node. */
export interface CheckedGraph {
  nodes: ReadonlyMap<string, CheckedNode>;
  /** Where exits lead, by edges and by the jumps of configurations. */
  targets: Targets;
  /** The nodes where executions begin: one, unless the graph is wrong. */
  entries: readonly string[];
  /** The ids of the edges, by source and exit, as far as they can be followed. */
  edgeIds: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** The nodes that follow a node, whatever the exit. */
export const followingIn = (targets: Targets) => (id: string) => targets.get(id)?.values() ?? [];

/** The nodes that lead to a node, by whatever exit. */
export function precedingIn(targets: Targets): (id: string) => readonly string[] {
  const sources = new Map<string, string[]>();
  for (const [source, exits] of targets) {
    for (const target of exits.values()) sources.set(target, [...(sources.get(target) ?? []), source]);
  }
  return (id) => sources.get(id) ?? [];
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isId = (value: unknown, longest: number): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= longest;
