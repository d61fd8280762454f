import type { FlowChange } from "#contract/flow-versions.ts";
import type { FlowEdge, FlowNode } from "#contract/flows.ts";
import { isRecord } from "./graph/checked-node.ts";

export interface FlowContent {
  name: string;
  nodes: readonly FlowNode[];
  edges: readonly FlowEdge[];
  settings: Record<string, unknown>;
}

/**
 * What differs between two contents of a flow: its name, its settings, its nodes by their ids, and where exits lead. Places
 * on a canvas and ids of edges mean nothing to a contact and are not compared.
 */
export function diffFlows(from: FlowContent, to: FlowContent): FlowChange[] {
  return [
    ...(from.name === to.name ? [] : [{ kind: "name" as const, from: from.name, to: to.name }]),
    ...leaves("", from.settings, to.settings).map((leaf) => ({ kind: "setting" as const, ...leaf })),
    ...diffNodes(from.nodes, to.nodes),
    ...diffEdges(from.edges, to.edges),
  ];
}

function diffNodes(from: readonly FlowNode[], to: readonly FlowNode[]): FlowChange[] {
  const [before, after] = [byId(from), byId(to)];
  return [
    ...[...before.keys()].filter((id) => !after.has(id)).map((nodeId) => ({ kind: "node_removed" as const, nodeId })),
    ...[...after].flatMap(([nodeId, node]): FlowChange[] => {
      const earlier = before.get(nodeId);
      if (earlier === undefined) return [{ kind: "node_added", nodeId }];
      const content = ({ type, data }: FlowNode) => ({ type, data });
      return leaves("", content(earlier), content(node)).map((leaf) => ({ kind: "node_changed", nodeId, ...leaf }));
    }),
  ];
}

function diffEdges(from: readonly FlowEdge[], to: readonly FlowEdge[]): FlowChange[] {
  const key = ({ source, sourceHandle, target }: FlowEdge) => JSON.stringify([source, sourceHandle || null, target]);
  const [before, after] = [new Map(from.map((edge) => [key(edge), edge])), new Map(to.map((edge) => [key(edge), edge]))];
  const only = (these: typeof before, others: typeof before, kind: "edge_added" | "edge_removed") =>
    [...these].flatMap(([name, { source, sourceHandle, target }]) =>
      others.has(name) ? [] : [{ kind, nodeId: source, exit: sourceHandle || null, target }],
    );
  return [...only(before, after, "edge_removed"), ...only(after, before, "edge_added")];
}

const byId = (nodes: readonly FlowNode[]) => new Map(nodes.map((node) => [node.id, node]));

interface Leaf {
  path: string;
  from?: unknown;
  to?: unknown;
}

/** The places at which two values differ, as deep as both are objects. Items of lists are the same where their ids are. */
function leaves(path: string, from: unknown, to: unknown): Leaf[] {
  const [before, after] = [fields(from), fields(to)];
  if (before === undefined || after === undefined) {
    if (JSON.stringify(from) === JSON.stringify(to)) return [];
    return [{ path, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
  }
  const names = new Set([...before.keys(), ...after.keys()]);
  const order =
    Array.isArray(from) && Array.isArray(to) ? [[...before.keys()], [...after.keys()]].map((ids) => ids.filter((id) => names.has(id))) : [];
  const kept = order.map((ids) => ids.filter((id) => before.has(id) && after.has(id)).join("\n"));
  const inner = [...names].flatMap((name) => leaves(path === "" ? name : `${path}.${name}`, before.get(name), after.get(name)));
  return kept[0] === kept[1] ? inner : [...inner, { path, from: order[0], to: order[1] }];
}

/** What a value is compared by: the fields of an object, or the items of a list by their ids. Undefined for all else. */
function fields(value: unknown): Map<string, unknown> | undefined {
  if (Array.isArray(value)) {
    const ids = value.map((item) => (isRecord(item) && typeof item.id === "string" ? item.id : undefined));
    const known = ids.filter((id) => id !== undefined);
    if (value.length === 0 || new Set(known).size !== value.length) return undefined;
    return new Map(value.map((item, index) => [known[index] as string, item]));
  }
  return isRecord(value) ? new Map(Object.entries(value)) : undefined;
}
