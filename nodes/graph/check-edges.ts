import type { ProblemFix } from "#contract/flow-problems.ts";
import { type CheckedNode, isId, isRecord, type Report, type Targets } from "./checked-node.ts";

const removed: ProblemFix = { kind: "delete_edge", label: "Remove this connection" };
const renamed: ProblemFix = { kind: "rename_twins", label: "Give them different ids" };

/**
 * Finds the node that each exit leads to, and the edge that leads there. An edge that cannot be followed is reported and
 * left out.
 */
export function checkEdges(
  edges: unknown[],
  nodes: Map<string, CheckedNode>,
  report: Report,
): { targets: Targets; edgeIds: Map<string, Map<string, string>> } {
  const targets: Targets = new Map();
  const edgeIds = new Map<string, Map<string, string>>();
  const ids = new Set<string>();
  edges.forEach((edge, index) => {
    if (!isRecord(edge) || !isId(edge.id, 200) || typeof edge.source !== "string" || typeof edge.target !== "string") {
      report("malformed", `Connection ${index + 1} does not say what it is called, or which steps it connects.`);
      return;
    }
    const where = { edgeId: edge.id };
    if (ids.has(edge.id)) report("duplicate_edge", `Two connections have the id "${edge.id}".`, { ...where, fix: renamed });
    ids.add(edge.id);
    const source = nodes.get(edge.source);
    const dangling = (message: string) => report("dangling_edge", message, { ...where, fix: removed });
    if (!source) dangling(`A connection leaves from "${edge.source.slice(0, 100)}", which does not exist.`);
    if (!nodes.has(edge.target)) dangling(`A connection leads to "${edge.target.slice(0, 100)}", which does not exist.`);
    if (!source || !nodes.has(edge.target)) return;
    const refuse = (message: string, fix?: ProblemFix) =>
      report("unknown_exit", message, { ...where, nodeId: source.id, ...(fix && { fix }) });
    const exit = chooseExit(source, edge.sourceHandle, refuse);
    if (exit === undefined) return;
    const leaving = targets.get(source.id) ?? new Map<string, string>();
    if (leaving.has(exit)) {
      report("double_exit", `Two connections leave by the exit "${exit}". Only one can.`, {
        ...where,
        nodeId: source.id,
        exit,
        fix: removed,
      });
      return;
    }
    targets.set(source.id, leaving.set(exit, edge.target));
    edgeIds.set(source.id, (edgeIds.get(source.id) ?? new Map<string, string>()).set(exit, edge.id));
  });
  return { targets, edgeIds };
}

function chooseExit(source: CheckedNode, handle: unknown, refuse: (message: string, fix?: ProblemFix) => void): string | undefined {
  if (handle !== undefined && handle !== null && typeof handle !== "string") {
    refuse("A connection leaves by an exit that is not a name.", removed);
    return undefined;
  }
  const named = handle ? handle.slice(0, 100) : undefined;
  // The node itself was reported. Its edges still count when the reachable nodes are looked for.
  if (!source.exits) return named ?? "";
  if (named !== undefined) {
    if (source.exits.some((exit) => exit.handle === named)) return named;
    refuse(`This step has no exit "${named}", by which a connection leaves it.`, removed);
    return undefined;
  }
  const drawn = source.exits.filter(({ handle }) => !Object.hasOwn(source.jumps, handle));
  if (drawn.length === 0) refuse("A connection leaves this step, and the flow ends here.", removed);
  // The check never guesses which branch was meant.
  else if (drawn.filter((exit) => !exit.optional && !exit.aside).length > 1)
    refuse("A connection leaves this step without saying by which exit.");
  else return drawn[0]?.handle;
  return undefined;
}
