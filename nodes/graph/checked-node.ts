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
}

/** Where each exit of each node leads, by node and exit. */
export type Targets = Map<string, Map<string, string>>;

/** Notes a problem. `where` names the node or the edge that has it. */
export type Report = (code: FlowProblem["code"], message: string, where?: { nodeId?: string; edgeId?: string }) => void;

/** The nodes that follow a node, whatever the exit. */
export const followingIn = (targets: Targets) => (id: string) => targets.get(id)?.values() ?? [];

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isId = (value: unknown, longest: number): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= longest;
