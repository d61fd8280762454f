import type { FlowEdge, FlowNode } from "#contract/flows.ts";
import type { NodeExit } from "#contract/node-definition.ts";
import { findDefinition } from "#nodes/definitions.ts";
import type { DraftContent } from "../draft/content.ts";

export type Graph = Pick<DraftContent, "nodes" | "edges">;

interface WaysOf {
  exits: readonly NodeExit[];
  /** The exits that lead where the settings say, and never along an edge. */
  jumps: Readonly<Record<string, string>>;
}

/** What was read of configurations that cannot change any more. Reading one costs as much as a hundred look-ups. */
const known = new WeakMap<object, Map<string, WaysOf>>();

function waysOf({ type, data: { config } }: FlowNode): WaysOf {
  if (config === undefined || !Object.isFrozen(config)) return readWays(type, config);
  const byType = known.get(config) ?? new Map<string, WaysOf>();
  const ways = byType.get(type) ?? readWays(type, config);
  known.set(config, byType.set(type, ways));
  return ways;
}

/** The exits are those of the type's defaults where the settings cannot be read. */
function readWays(type: string, config: unknown): WaysOf {
  const definition = findDefinition(type);
  if (!definition) return { exits: [], jumps: {} };
  const parsed = definition.config.safeParse(config ?? {});
  if (parsed.success) return { exits: definition.exits(parsed.data), jumps: definition.jumps?.(parsed.data) ?? {} };
  const defaults = definition.config.safeParse(definition.defaults);
  return { exits: defaults.success ? definition.exits(defaults.data) : [], jumps: {} };
}

/** The exits of a step as it is set up now. */
export const exitsOf = (node: FlowNode): readonly NodeExit[] => waysOf(node).exits;

export const jumpsOf = (node: FlowNode): WaysOf["jumps"] => waysOf(node).jumps;

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
