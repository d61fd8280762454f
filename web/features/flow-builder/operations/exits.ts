import type { FlowEdge, FlowNode } from "#contract/flows.ts";
import type { NodeExit } from "#contract/node-definition.ts";
import { waysOf as readWays, type Ways } from "#nodes/ways-of.ts";
import type { DraftContent } from "../draft/content.ts";

export type Graph = Pick<DraftContent, "nodes" | "edges">;

/** What was read of configurations that cannot change any more. Reading one costs as much as a hundred look-ups. */
const known = new WeakMap<object, Map<string, Ways>>();

function waysOf({ type, data: { config } }: FlowNode): Ways {
  if (config === undefined || !Object.isFrozen(config)) return readWays(type, config);
  const byType = known.get(config) ?? new Map<string, Ways>();
  const ways = byType.get(type) ?? readWays(type, config);
  known.set(config, byType.set(type, ways));
  return ways;
}

/** The exits of a step as it is set up now. */
export const exitsOf = (node: FlowNode): readonly NodeExit[] => waysOf(node).exits;

export const jumpsOf = (node: FlowNode): Ways["jumps"] => waysOf(node).jumps;

/** The exit that an edge leaves by: an edge that names none means the first that is not in the settings. */
export const exitOfEdge = (node: FlowNode, edge: FlowEdge): string => edge.sourceHandle || usualExit(node) || "next";

export function usualExit(node: FlowNode): string | undefined {
  const { exits, jumps } = waysOf(node);
  return exits.find(({ handle }) => !Object.hasOwn(jumps, handle))?.handle;
}

/** The exits that a person connects: those that have an edge, and those that must lead somewhere. */
export function shownExits(node: FlowNode, edges: readonly FlowEdge[]): NodeExit[] {
  const used = new Set(edges.filter(({ source }) => source === node.id).map((edge) => exitOfEdge(node, edge)));
  const { exits, jumps } = waysOf(node);
  const shown = exits.filter(({ handle, optional, aside }) => !Object.hasOwn(jumps, handle) && (!(optional || aside) || used.has(handle)));
  const unknown = [...used].filter((handle) => !shown.some((exit) => exit.handle === handle));
  return [...shown, ...unknown.map((handle) => ({ handle, label: handle }))];
}

export const edgeAt = (graph: Graph, { source, exit }: Place): FlowEdge | undefined => {
  const leaving = graph.edges.filter((edge) => edge.source === source);
  const node = leaving.length === 0 ? undefined : graph.nodes.find(({ id }) => id === source);
  return node && leaving.find((edge) => exitOfEdge(node, edge) === exit);
};

/** A place for a step: after an exit of another one. */
export interface Place {
  source: string;
  exit: string;
}
