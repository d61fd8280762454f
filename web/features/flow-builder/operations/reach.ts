import { edgeAt, exitOfEdge, type Graph, type Place, shownExits } from "./exits.ts";

/** The steps that can be reached from these, themselves included. `closed` is an exit that nobody leaves by. */
export function reachableFrom(graph: Graph, entries: Iterable<string>, closed?: Place): Set<string> {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const leaving = Map.groupBy(graph.edges, ({ source }) => source);
  const seen = new Set<string>();
  const open = [...entries];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = byId.get(id);
    if (!node || seen.has(id)) continue;
    seen.add(id);
    for (const edge of leaving.get(id) ?? []) {
      if (!(closed?.source === id && exitOfEdge(node, edge) === closed.exit)) open.push(edge.target);
    }
  }
  return seen;
}

/** The steps that lead to this one, itself included. */
export function leadingTo(graph: Graph, nodeId: string): Set<string> {
  const arriving = Map.groupBy(graph.edges, ({ target }) => target);
  const seen = new Set<string>();
  const open = [nodeId];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(arriving.get(id) ?? []).map(({ source }) => source));
  }
  return seen;
}

/** Where a graph begins: its start, and steps that nothing leads to. */
export function entriesOf(graph: Graph): string[] {
  const targets = new Set(graph.edges.map(({ target }) => target));
  return graph.nodes.filter(({ id, type }) => type === "start" || !targets.has(id)).map(({ id }) => id);
}

/** The steps that this one alone leads to, itself included. */
export function branchOf(graph: Graph, nodeId: string): string[] {
  const without = { nodes: graph.nodes.filter(({ id }) => id !== nodeId), edges: graph.edges };
  const otherwise = reachableFrom(without, entriesOf(graph));
  return [...reachableFrom(graph, [nodeId])].filter((id) => !otherwise.has(id));
}

/** What moves when a step is moved: the step, and where its ways part, the branches up to the step at which they meet. */
export function blockOf(graph: Graph, nodeId: string): string[] {
  const node = graph.nodes.find(({ id }) => id === nodeId);
  if (!node) return [];
  const ways = shownExits(node, graph.edges).flatMap(({ handle }) => edgeAt(graph, { source: nodeId, exit: handle })?.target ?? []);
  if (new Set(ways).size <= 1) return [nodeId];
  const behind = meetingOf(graph, ways, nodeId);
  const after = behind === undefined ? new Set<string>() : reachableFrom(graph, [behind]);
  return branchOf(graph, nodeId).filter((id) => id === nodeId || !after.has(id));
}

/** The nearest step that every one of these ways comes to. */
function meetingOf(graph: Graph, ways: readonly string[], without: string): string | undefined {
  const distances = ways.map((first) => distancesFrom(graph, first, without));
  const [one, ...others] = distances;
  const shared = [...(one ?? [])].filter(([id]) => others.every((each) => each.has(id)));
  const far = (id: string) => Math.max(...distances.map((each) => each.get(id) as number));
  return shared.map(([id]) => id).toSorted((a, b) => far(a) - far(b))[0];
}

function distancesFrom(graph: Graph, first: string, without: string): Map<string, number> {
  const leaving = Map.groupBy(graph.edges, ({ source }) => source);
  const distances = new Map<string, number>();
  for (let open = [first], far = 0; open.length > 0; far += 1) {
    const fresh = [...new Set(open)].filter((id) => id !== without && !distances.has(id));
    for (const id of fresh) distances.set(id, far);
    open = fresh.flatMap((id) => (leaving.get(id) ?? []).map(({ target }) => target));
  }
  return distances;
}
