import type { FlowProblem } from "#contract/flows.ts";
import { flowLimits, isDataKey } from "#contract/flows.ts";
import { findRings, findUnreached } from "#contract/graph-search.ts";
import type { NodeDefinition, NodeExit } from "#contract/node-definition.ts";
import { forbiddenWords } from "#contract/paths.ts";
import { findDefinition } from "../definitions.ts";
import { measureValue } from "../values/measure-value.ts";

interface CheckedNode {
  id: string;
  type: string;
  definition: NodeDefinition | undefined;
  /** Undefined when the type is unknown or the configuration is wrong; then its exits cannot be judged. */
  exits: readonly NodeExit[] | undefined;
  /** Exits that lead where the configuration says, not where an edge does. */
  jumps: Readonly<Record<string, string>>;
  rests: boolean;
  /** The flow it starts. */
  starts?: string;
}

/** A loop in which nobody rests this long could send without end. */
const leastRestSeconds = 60;

/**
 * Everything that is wrong with a graph, at once. Anything may come in: a draft, an import, a request of a stranger.
 * Pure and linear in the size of the graph; the builder runs it as you draw, the engine before every send. `flowId`: the
 * flow whose graph it is, to see where it starts itself.
 */
export function validateFlow(graph: unknown, flowId?: string): FlowProblem[] {
  const problems: FlowProblem[] = [];
  const report: Report = (code, message, where = {}) => {
    problems.push({ severity: code === "unreachable" ? "warning" : "error", code, message, ...where });
  };
  if (!isRecord(graph) || !Array.isArray(graph.nodes) || !Array.isArray(graph.edges)) {
    report("malformed", "A flow is an object with a list of nodes and a list of edges.");
    return problems;
  }
  const { nodes, edges } = graph as { nodes: unknown[]; edges: unknown[] };
  // Nothing of a graph beyond the limits is looked at: looking is what would cost.
  if (nodes.length > flowLimits.nodes) report("too_large", `The flow has ${nodes.length} nodes; ${flowLimits.nodes} are allowed.`);
  if (edges.length > flowLimits.edges) report("too_large", `The flow has ${edges.length} edges; ${flowLimits.edges} are allowed.`);
  if (problems.length > 0 || !checkSize(nodes, edges, report)) return problems;

  const checked = checkNodes(nodes, report);
  const targets = checkEdges(edges, checked, report);
  const entries = findEntries(checked, targets, report);
  addJumps(checked, targets, report);
  checkPaths(checked, targets, entries, report);
  checkSelfStarts(checked, targets, { flowId, entry: entries[0] }, report);
  return problems;
}

/** The node where an execution begins: the typed start, or else the only node to which no edge leads. */
export function findEntry(graph: {
  nodes: readonly { id: string; type: string }[];
  edges: readonly { target: string }[];
}): string | undefined {
  const starts = graph.nodes.filter(({ type }) => findDefinition(type)?.category === "entry");
  if (starts.length > 0) return starts[0]?.id;
  const entered = new Set(graph.edges.map(({ target }) => target));
  const roots = graph.nodes.filter(({ id }) => !entered.has(id));
  return roots.length === 1 ? roots[0]?.id : undefined;
}

type Report = (code: FlowProblem["code"], message: string, where?: { nodeId?: string; edgeId?: string }) => void;
type Targets = Map<string, Map<string, string>>;

function checkSize(nodes: unknown[], edges: unknown[], report: Report): boolean {
  let characters = 0;
  let ok = true;
  for (const [kind, items] of [["node", nodes] as const, ["edge", edges] as const]) {
    for (const item of items) {
      const size = measureValue(item, { nesting: flowLimits.nesting, keys: flowLimits.keys, text: flowLimits.nodeText });
      const where = isRecord(item) && typeof item.id === "string" ? { [`${kind}Id`]: item.id.slice(0, 200) } : {};
      characters += size.characters;
      if (size.problem) {
        ok = false;
        report(size.problem === "forbidden_name" ? "malformed" : "too_large", sizeMessages[size.problem](kind), where);
      }
    }
  }
  if (characters > flowLimits.bytes) {
    ok = false;
    report("too_large", `The flow is larger than ${flowLimits.bytes / 1024} KiB.`);
  }
  return ok;
}

const sizeMessages = {
  nesting: (kind: string) => `This ${kind} is nested deeper than ${flowLimits.nesting} levels.`,
  keys: (kind: string) => `This ${kind} has more than ${flowLimits.keys} properties.`,
  text: (kind: string) => `This ${kind} holds more than ${flowLimits.nodeText / 1024} KiB of text.`,
  forbidden_name: (kind: string) => `This ${kind} has a property named ${forbiddenWords}.`,
};

function checkNodes(nodes: unknown[], report: Report): Map<string, CheckedNode> {
  const checked = new Map<string, CheckedNode>();
  nodes.forEach((node, index) => {
    if (!isRecord(node) || !isId(node.id, 100)) {
      report("malformed", `Node ${index + 1} has no id, or one longer than 100 characters.`);
      return;
    }
    const { id } = node;
    if (checked.has(id)) {
      report("duplicate_node", `Two nodes have the id "${id}".`, { nodeId: id });
      return;
    }
    checked.set(id, checkNode(id, node, report));
  });
  checkKeys(nodes, report);
  return checked;
}

/** Two nodes of one key would be one thing to whoever reads `steps.<key>`. */
function checkKeys(nodes: unknown[], report: Report): void {
  const seen = new Set<string>();
  for (const node of nodes) {
    if (!isRecord(node) || !isId(node.id, 100) || !isRecord(node.data)) continue;
    const { key } = node.data;
    const where = { nodeId: node.id };
    if (key === undefined || key === null || key === "") continue;
    if (typeof key !== "string" || !isDataKey(key)) {
      report("bad_key", "A data key has up to 40 small letters, digits and underscores, and begins with a letter.", where);
    } else if (seen.has(key)) report("bad_key", `Two nodes have the data key "${key}".`, where);
    else seen.add(key);
  }
}

function checkNode(id: string, node: Record<string, unknown>, report: Report): CheckedNode {
  const where = { nodeId: id };
  const type = typeof node.type === "string" ? node.type : "";
  const definition = findDefinition(type);
  const unjudged: CheckedNode = { id, type, definition, exits: undefined, jumps: {}, rests: false };
  if (!definition) {
    report("unknown_node_type", type === "" ? "This node has no type." : `There is no node type "${type.slice(0, 100)}".`, where);
    return unjudged;
  }
  if (node.data !== undefined && node.data !== null && !isRecord(node.data)) {
    report("malformed", "The data of this node is not an object.", where);
    return unjudged;
  }
  const config = isRecord(node.data) ? node.data.config : undefined;
  const parsed = definition.config.safeParse(config ?? {});
  if (parsed.success) {
    const rests = (definition.leastWaitSeconds?.(parsed.data) ?? 0) >= leastRestSeconds;
    return {
      id,
      type,
      definition,
      exits: definition.exits(parsed.data),
      jumps: definition.jumps?.(parsed.data) ?? {},
      rests,
      starts: definition.startsFlow?.(parsed.data),
    };
  }
  if (config === undefined || config === null) {
    report("missing_config", `"${definition.label}" is not set up yet.`, where);
  } else {
    for (const { path, message } of parsed.error.issues) {
      report("bad_config", `${definition.label}: ${path.length === 0 ? "" : `${path.join(".")}: `}${message}`, where);
    }
  }
  return unjudged;
}

/** Which node each exit leads to. An edge that cannot be followed is reported and left out. */
function checkEdges(edges: unknown[], nodes: Map<string, CheckedNode>, report: Report): Targets {
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
  // The node itself was reported; its edges still count when it is asked what can be reached.
  if (!source.exits) return named ?? "";
  if (named !== undefined) {
    if (source.exits.some((exit) => exit.handle === named)) return named;
    refuse(`"${source.id}" has no exit "${named}".`);
    return undefined;
  }
  const drawn = source.exits.filter(({ handle }) => !Object.hasOwn(source.jumps, handle));
  if (drawn.length === 0) refuse(`"${source.id}" has no exit: the flow ends there.`);
  // Which branch was meant is never guessed.
  else if (drawn.filter((exit) => !exit.optional).length > 1) refuse(`An edge leaves "${source.id}" without saying by which exit.`);
  else return drawn[0]?.handle;
  return undefined;
}

/** Jumps are ways like any other to whoever asks what is reached and what leads round; but they lead back only. */
function addJumps(nodes: Map<string, CheckedNode>, targets: Targets, report: Report): void {
  const added: { id: string; target: string }[] = [];
  for (const { id, jumps } of nodes.values()) {
    for (const [exit, target] of Object.entries(jumps)) {
      const leaving = targets.get(id) ?? new Map<string, string>();
      const where = { nodeId: id };
      if (leaving.has(exit)) report("double_exit", `"${id}" goes to a node of its settings; no edge can leave it by "${exit}".`, where);
      else if (!nodes.has(target)) report("dangling_edge", `"${id}" goes to "${target}", which does not exist.`, where);
      else if (target === id) report("bad_config", `"${id}" goes to itself.`, where);
      else {
        targets.set(id, leaving.set(exit, target));
        added.push({ id, target });
      }
    }
  }
  if (added.length === 0) return;
  const rings = findRings([...nodes.keys()], (id) => targets.get(id)?.values() ?? []);
  const ringOf = new Map(rings.flatMap((ring) => ring.map((id) => [id, ring] as const)));
  for (const { id, target } of added) {
    const ring = ringOf.get(id);
    if (ring && ring === ringOf.get(target)) continue;
    report("bad_config", `"${id}" can only go back to an earlier step: no path leads from "${target}" to it.`, { nodeId: id });
  }
}

function findEntries(nodes: Map<string, CheckedNode>, targets: Targets, report: Report): string[] {
  if (nodes.size === 0) return [];
  const starts = [...nodes.values()].filter(({ definition }) => definition?.category === "entry");
  if (starts.length > 1) {
    for (const { id } of starts) report("several_starts", `The flow has ${starts.length} starts; only one is allowed.`, { nodeId: id });
  }
  if (starts.length > 0) return starts.map(({ id }) => id);
  const entered = new Set([...targets.values()].flatMap((leaving) => [...leaving.values()]));
  const roots = [...nodes.keys()].filter((id) => !entered.has(id));
  if (roots.length !== 1) {
    report("no_start", `The flow has no start, and ${roots.length} of its nodes could be the first.`);
  }
  return roots;
}

function checkPaths(nodes: Map<string, CheckedNode>, targets: Targets, entries: string[], report: Report): void {
  const following = (id: string) => targets.get(id)?.values() ?? [];
  if (entries.length > 0) {
    for (const id of findUnreached(nodes.keys(), entries, following)) {
      report("unreachable", `No path leads to "${id}".`, { nodeId: id });
    }
  }
  const restless = [...nodes.values()].filter(({ rests }) => !rests).map(({ id }) => id);
  for (const ring of findRings(restless, following)) {
    const message = `${ring.length === 1 ? "This node leads" : `${ring.length} nodes lead`} back to the beginning without a delay of at least a minute.`;
    report("cycle_without_wait", message, { nodeId: ring[0] as string });
  }
}

/** A flow that starts itself goes round as well, by way of a new execution. */
function checkSelfStarts(
  nodes: Map<string, CheckedNode>,
  targets: Targets,
  { flowId, entry }: { flowId: string | undefined; entry: string | undefined },
  report: Report,
): void {
  if (flowId === undefined || entry === undefined) return;
  const selfStarts = [...nodes.values()].filter(({ starts }) => starts?.toLowerCase() === flowId.toLowerCase());
  if (selfStarts.length === 0) return;
  const restless = [...nodes.values()].filter(({ rests }) => !rests).map(({ id }) => id);
  const again = new Set(selfStarts.map(({ id }) => id));
  const rings = findRings(restless, (id) => [...(targets.get(id)?.values() ?? []), ...(again.has(id) ? [entry] : [])]);
  for (const { id } of selfStarts) {
    if (!rings.some((ring) => ring.includes(id) && ring.includes(entry))) continue;
    report("cycle_without_wait", "This flow starts itself without a delay of at least a minute before.", { nodeId: id });
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const isId = (value: unknown, longest: number): value is string => typeof value === "string" && value.length > 0 && value.length <= longest;
