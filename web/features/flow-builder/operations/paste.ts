import type { FlowPart } from "#contract/flow-part.ts";
import { type FlowNode, isDataKey } from "#contract/flows.ts";
import { connect, newId } from "./change-graph.ts";
import { edgeAt, type Graph, type Place } from "./exits.ts";
import { renameReferences } from "./rename-references.ts";

/**
 * Puts a part into a graph. From all its places contacts come to its first step, and by its loose ends they go on where the
 * first of the places led. A part without loose ends leads nowhere, so it is not put where steps follow: they would be cut
 * off. Answers whether something leads to it.
 */
export function putPart(graph: Graph, { nodes, edges, entry, loose }: FlowPart, places: readonly Place[]): boolean {
  graph.nodes.push(...nodes);
  graph.edges.push(...edges);
  const after = places[0] && edgeAt(graph, places[0])?.target;
  if (places.length === 0 || entry === null || (after !== undefined && loose.length === 0)) return false;
  for (const place of places) connect(graph, place, entry);
  if (after !== undefined) for (const end of loose) connect(graph, end, after);
  return true;
}

/** Puts a copy of a part into a graph, with ids of its own and data keys that nobody has yet. Answers the ids in its order. */
export function pastePart(graph: Graph, part: FlowPart, places: readonly Place[]): { ids: string[]; isConnected: boolean } {
  const copy = copyOf(part, graph);
  return { ids: copy.nodes.map(({ id }) => id), isConnected: putPart(graph, copy, places) };
}

function copyOf(part: FlowPart, graph: Graph): FlowPart {
  const ids = new Map(part.nodes.map(({ id, type }) => [id, newId(type)]));
  const keys = newKeys(graph, part.nodes);
  const id = (old: string) => ids.get(old) as string;
  return {
    ...part,
    nodes: part.nodes.map((node) => renamed(node, { ids, keys })),
    edges: part.edges.map((edge) => ({ ...structuredClone(edge), id: newId("edge"), source: id(edge.source), target: id(edge.target) })),
    entry: part.entry === null ? null : id(part.entry),
    loose: part.loose.map(({ source, exit }) => ({ source: id(source), exit })),
  };
}

function renamed(node: FlowNode, names: { ids: ReadonlyMap<string, string>; keys: ReadonlyMap<string, string> }): FlowNode {
  const { key, config: _config, ...data } = structuredClone(node.data);
  const config = renameReferences(node, names);
  return {
    ...structuredClone(node),
    id: names.ids.get(node.id) as string,
    data: { ...data, ...(key !== undefined && { key: names.keys.get(key) ?? key }), ...(config && { config }) },
  };
}

/** The data keys that are taken already, each with one that is not. */
function newKeys(graph: Graph, nodes: readonly FlowNode[]): Map<string, string> {
  const taken = new Set(graph.nodes.flatMap(({ data: { key } }) => key ?? []));
  const renamedKeys = new Map<string, string>();
  for (const { data } of nodes) {
    if (!data.key || !isDataKey(data.key)) continue;
    const key = freeKey(data.key, taken);
    taken.add(key);
    if (key !== data.key) renamedKeys.set(data.key, key);
  }
  return renamedKeys;
}

/** `order`, or else `order_2`, `order_3` and so on. */
function freeKey(key: string, taken: ReadonlySet<string>): string {
  const stem = key.replace(/_\d+$/, "");
  for (let number = 1; ; number += 1) {
    const next = number === 1 ? key : `${stem.slice(0, 40 - `_${number}`.length)}_${number}`;
    if (!taken.has(next)) return next;
  }
}
