import type { z } from "zod";
import type { TestGroup } from "#contract/field-tests.ts";
import type { FlowEdge, FlowNode } from "#contract/flows.ts";
import { isDataKey } from "#contract/flows.ts";
import { findRings } from "#contract/graph-search.ts";
import type { NodeDefinition } from "#contract/node-definition.ts";
import type { FlowHours } from "#contract/sending-rules.ts";
import { findGoalsAhead } from "./goals-ahead.ts";
import type { NodeContext, Outcome } from "./node-executor.ts";
import type { NodeRegistry } from "./node-registry.ts";

/** A node ready to run: its configuration parsed once, its exits resolved. */
export interface ReadyNode {
  id: string;
  type: string;
  /** The name that its author gave it. */
  label: string | undefined;
  definition: NodeDefinition;
  execute: (context: NodeContext<unknown>) => Outcome;
  config: unknown;
  /** The name under which later nodes read its result (its data key). */
  key: string | undefined;
  /** The node to which each exit leads. An exit that leads nowhere ends the execution. */
  targets: ReadonlyMap<string, string>;
  exits: readonly string[];
  /** It is switched off: executions pass it by this exit, and nothing of it happens. Null: they end here. */
  passedBy?: string | null;
}

/** A flow version ready to run, or why it cannot be. */
export type ReadyFlow =
  | {
      entry: string;
      nodes: ReadonlyMap<string, ReadyNode>;
      brokenNodes: ReadonlyMap<string, string>;
      /** Whether an execution can come to a node twice. */
      leadsBack: boolean;
      /** The goals ahead of each node, nearest first. */
      goalsAhead: ReadonlyMap<string, readonly string[]>;
      /** It ends for a contact who passes these tests, wherever they are in it. */
      leavesIf: TestGroup | undefined;
      /** It ends for a contact who has been in it for so many milliseconds. */
      longestStayMs: number | undefined;
      /** Hours of its own for text messages, within those of the workspace. */
      sendingHours: FlowHours | undefined;
      /** Whether an execution may wait in it for a change of its contact. */
      watches: boolean;
      /** Whether an execution may wait in it for a reply. */
      awaitsReplies: boolean;
      /** Whether a reply for which it does not wait ends it. */
      stopsOnReply: boolean;
      /** The nodes whose results later nodes read, by id, with the name under which they do. */
      keys: ReadonlyMap<string, string>;
      problem?: undefined;
    }
  | { problem: string };

/**
 * Reads a stored version. It was checked when it was frozen, but a row can be older than the node types of today. A node
 * that cannot run therefore fails the executions that come to it, and no others.
 */
export function readyFlow(graph: { nodes: unknown; edges: unknown }, registry: NodeRegistry): ReadyFlow {
  if (!Array.isArray(graph.nodes) || !Array.isArray(graph.edges)) return { problem: "The flow version is not a graph." };
  const stored = graph.nodes.filter(isNode);
  const edges = graph.edges.filter(isEdge);
  const entry = registry.findEntry({ nodes: stored, edges });
  if (entry === undefined) return { problem: "The flow version has no start." };
  const nodes = new Map<string, ReadyNode>();
  const brokenNodes = new Map<string, string>();
  const leaving = Map.groupBy(edges, ({ source }) => source);
  for (const node of stored) {
    const ready = readyNode(node, leaving.get(node.id) ?? [], registry);
    if (typeof ready === "string") brokenNodes.set(node.id, ready);
    else nodes.set(node.id, ready);
  }
  const keys = new Map([...nodes.values()].flatMap(({ id, key }) => (key === undefined ? [] : [[id, key] as const])));
  const leadsBack = findRings([...nodes.keys()], (id) => nodes.get(id)?.targets.values() ?? []).length > 0;
  const goalsAhead = findGoalsAhead(nodes);
  const start = nodes.get(entry);
  const leavesIf = start?.definition.leavesIf?.(start.config);
  const days = start?.definition.longestStayDays?.(start.config);
  const longestStayMs = days === undefined ? undefined : days * 86_400_000;
  const sendingHours = start?.definition.sendingHours?.(start.config);
  const watches =
    leavesIf !== undefined ||
    goalsAhead.size > 0 ||
    [...nodes.values()].some(({ definition, config }) => definition.watchesContact?.(config));
  const awaitsReplies = [...nodes.values()].some(({ definition }) => definition.awaitsReply !== undefined);
  const stopsOnReply = [...nodes.values()].some(({ definition, config }) => definition.stopsOnReply?.(config) === true);
  return {
    entry,
    nodes,
    brokenNodes,
    leadsBack,
    goalsAhead,
    leavesIf,
    longestStayMs,
    sendingHours,
    watches,
    awaitsReplies,
    stopsOnReply,
    keys,
  };
}

/** A node as its author has it, or why it cannot run. */
export function readyNode(node: FlowNode, edges: readonly FlowEdge[], registry: NodeRegistry): ReadyNode | string {
  const definition = own(registry.definitions, node.type);
  const execute = own(registry.executors, node.type);
  if (!definition || !execute) return `There is no step of the type "${node.type}".`;
  const config = definition.config.safeParse(node.data?.config ?? {});
  if (!config.success) return `The step is not set up: ${listIssues(config.error)}`;
  const exits = definition.exits(config.data);
  // An exit whose target is in the configuration has no edge, so an edge without a handle belongs to the first other exit.
  const targets = new Map(Object.entries(definition.jumps?.(config.data) ?? {}));
  const first = exits.find(({ handle }) => !targets.has(handle))?.handle;
  for (const edge of edges) {
    const exit = edge.sourceHandle || first;
    if (exit !== undefined && !targets.has(exit)) targets.set(exit, edge.target);
  }
  const usual = first === undefined ? undefined : targets.get(first);
  for (const { handle, optional } of exits) {
    if (optional && usual !== undefined && !targets.has(handle)) targets.set(handle, usual);
  }
  return {
    id: node.id,
    type: node.type,
    label: typeof node.data?.label === "string" && node.data.label !== "" ? node.data.label : undefined,
    definition,
    execute,
    config: config.data,
    targets,
    key: typeof node.data?.key === "string" && isDataKey(node.data.key) ? node.data.key : undefined,
    exits: exits.map(({ handle }) => handle),
    ...(node.data?.off === true && { passedBy: first ?? null }),
  };
}

const listIssues = (error: z.ZodError) => error.issues.map(({ path, message }) => `${path.join(".")} ${message}`.trim()).join("; ");
const own = <T>(record: Readonly<Record<string, T>>, name: string) => (Object.hasOwn(record, name) ? record[name] : undefined);

function isNode(value: unknown): value is FlowNode {
  return isRecord(value) && typeof value.id === "string" && typeof value.type === "string";
}

function isEdge(value: unknown): value is FlowEdge {
  return isRecord(value) && typeof value.source === "string" && typeof value.target === "string";
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
