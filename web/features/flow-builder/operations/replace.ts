import { current, isDraft } from "immer";
import type { FlowNode } from "#contract/flows.ts";
import type { NodeExit } from "#contract/node-definition.ts";
import { findDefinition } from "#nodes/definitions.ts";
import { record } from "#nodes/node-panel.tsx";
import { isSame } from "../draft/content.ts";
import { connect } from "./change-graph.ts";
import { edgeAt, exitOfEdge, exitsOf, type Graph, jumpsOf, shownExits } from "./exits.ts";
import { readersOf } from "./readers.ts";

/** What goes when a step becomes one of another type. */
export interface Losses {
  /** Settings that the new type does not have, or not so; only those that somebody has filled in. */
  settings: readonly string[];
  /** Ways that the new type does not have. */
  ways: readonly { label: string; target: string }[];
  /** Steps that read a result which the new type does not leave. */
  readers: readonly { nodeId: string; name: string }[];
}

/**
 * Makes a step one of another type. Its id, name, note and data key stay, its settings where both types have them alike, and
 * its ways by their names, or else in their order. A way that it did not have leads where the first one leads, as when a step
 * is inserted.
 */
export function replaceStep(graph: Graph, id: string, type: string): void {
  const now = isDraft(graph) ? current(graph) : graph;
  const before = now.nodes.find((node) => node.id === id);
  const node = graph.nodes.find((one) => one.id === id);
  if (!before || !node || !mayReplace(before, type)) return;
  const after = become(before, type);
  const exits = exitsBy(now, before, after);
  const first = shownExits(before, now.edges).find(({ handle }) => exits.has(handle));
  const target = first && edgeAt(now, { source: id, exit: first.handle })?.target;
  graph.nodes = graph.nodes.map((one) => (one.id === id ? structuredClone(after) : one));
  graph.edges = graph.edges.flatMap((edge) => {
    if (edge.source !== id) return [edge];
    const exit = exits.get(exitOfEdge(before, edge));
    if (exit === undefined) return [];
    const { sourceHandle: _before, ...rest } = edge;
    return [exitsOf(after).length === 1 ? rest : { ...rest, sourceHandle: exit }];
  });
  if (target === undefined || target === id) return;
  const taken = new Set(exits.values());
  for (const exit of waysOf(after))
    if (mustLead(exit) && !taken.has(exit.handle)) connect(graph, { source: id, exit: exit.handle }, target);
}

export function lossesOf(graph: Graph, id: string, type: string): Losses {
  const before = graph.nodes.find((node) => node.id === id);
  if (!before) return { settings: [], ways: [], readers: [] };
  const after = become(before, type);
  const untouched = record(findDefinition(before.type)?.defaults);
  const exits = exitsBy(graph, before, after);
  return {
    settings: Object.entries(before.data.config ?? {}).flatMap(([key, value]) =>
      isSame(value, untouched[key]) || isSame(value, after.data.config?.[key]) ? [] : [key],
    ),
    ways: shownExits(before, graph.edges).flatMap(({ handle, label }) => {
      const target = edgeAt(graph, { source: id, exit: handle })?.target;
      return target === undefined || exits.has(handle) ? [] : [{ label, target }];
    }),
    readers: readersOf(graph, after),
  };
}

/** A flow begins at its start, which is no step of another kind. */
export const mayReplace = (node: FlowNode, type: string): boolean =>
  node.type !== "start" && type !== "start" && type !== node.type && findDefinition(type) !== undefined;

function become(node: FlowNode, type: string): FlowNode {
  const definition = findDefinition(type);
  let config = record(definition?.defaults);
  const fits = (next: Record<string, unknown>) => definition?.config.safeParse(next).success === true;
  // Defaults that still lack something, such as a flow to start, fit nothing, and then nothing can be kept.
  for (const [key, value] of Object.entries(node.data.config ?? {})) {
    const next = { ...config, [key]: value };
    if (fits(next)) config = next;
  }
  return { ...node, type, data: { ...node.data, config } };
}

/** By each exit that has an edge now, the exit by which that edge leaves then. */
function exitsBy(graph: Graph, before: FlowNode, after: FlowNode): Map<string, string> {
  const used = shownExits(before, graph.edges).filter(({ handle }) => edgeAt(graph, { source: before.id, exit: handle }));
  const open = waysOf(after);
  const exits = new Map<string, string>();
  const take = (from: NodeExit, fits: (to: NodeExit) => boolean) => {
    const at = open.findIndex(fits);
    if (exits.has(from.handle) || at === -1) return;
    exits.set(from.handle, open[at]?.handle as string);
    open.splice(at, 1);
  };
  for (const exit of used) take(exit, ({ handle }) => handle === exit.handle);
  // What is done where a message failed is not what is done where a condition does not fit: the order counts among equals.
  for (const exit of used) take(exit, (to) => mustLead(to) === mustLead(exit));
  return exits;
}

const mustLead = ({ optional, aside }: NodeExit): boolean => !(optional || aside);
const waysOf = (node: FlowNode): NodeExit[] => exitsOf(node).filter(({ handle }) => !Object.hasOwn(jumpsOf(node), handle));
