import { type CheckedNode, isId, isRecord, type Report, type Targets } from "./checked-node.ts";

/** Finds the node that each exit leads to. An edge that cannot be followed is reported and left out. */
export function checkEdges(edges: unknown[], nodes: Map<string, CheckedNode>, report: Report): Targets {
  const targets: Targets = new Map();
  const ids = new Set<string>();
  edges.forEach((edge, index) => {
    if (!isRecord(edge) || !isId(edge.id, 200) || typeof edge.source !== "string" || typeof edge.target !== "string") {
      report("malformed", `Edge ${index + 1} has no id, source or target.`);
      return;
    }
    const where = { edgeId: edge.id };
    if (ids.has(edge.id)) report("duplicate_edge", `Two edges have the id "${edge.id}".`, where);
    ids.add(edge.id);
    const source = nodes.get(edge.source);
    if (!source) report("dangling_edge", `An edge leaves from "${edge.source.slice(0, 100)}", which does not exist.`, where);
    if (!nodes.has(edge.target)) report("dangling_edge", `An edge leads to "${edge.target.slice(0, 100)}", which does not exist.`, where);
    if (!source || !nodes.has(edge.target)) return;
    const exit = chooseExit(source, edge.sourceHandle, (message) => report("unknown_exit", message, { ...where, nodeId: source.id }));
    if (exit === undefined) return;
    const leaving = targets.get(source.id) ?? new Map<string, string>();
    if (leaving.has(exit)) {
      report("double_exit", `Two edges leave "${source.id}" by the exit "${exit}".`, { ...where, nodeId: source.id });
      return;
    }
    targets.set(source.id, leaving.set(exit, edge.target));
  });
  return targets;
}

function chooseExit(source: CheckedNode, handle: unknown, refuse: (message: string) => void): string | undefined {
  if (handle !== undefined && handle !== null && typeof handle !== "string") {
    refuse(`An edge leaves "${source.id}" by an exit that is not a name.`);
    return undefined;
  }
  const named = handle ? handle.slice(0, 100) : undefined;
  // The node itself was reported. Its edges still count when the reachable nodes are looked for.
  if (!source.exits) return named ?? "";
  if (named !== undefined) {
    if (source.exits.some((exit) => exit.handle === named)) return named;
    refuse(`"${source.id}" has no exit "${named}".`);
    return undefined;
  }
  const drawn = source.exits.filter(({ handle }) => !Object.hasOwn(source.jumps, handle));
  if (drawn.length === 0) refuse(`"${source.id}" has no exit: the flow ends there.`);
  // The check never guesses which branch was meant.
  else if (drawn.filter((exit) => !exit.optional && !exit.aside).length > 1)
    refuse(`An edge leaves "${source.id}" without saying by which exit.`);
  else return drawn[0]?.handle;
  return undefined;
}
