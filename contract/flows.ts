import { z } from "zod";
import { ChannelName } from "./messages.ts";
import { Timestamp, Uuid } from "./pagination.ts";

/** The limits of a graph are checked when it is saved and again when it is sent. */
export const flowLimits = { bytes: 512 * 1024, nodes: 500, edges: 1000, nodeText: 64 * 1024, nesting: 20, keys: 2000 } as const;

/** Later nodes read the result of a node by its data key, as `steps.<key>.<field>`. */
const dataKey = /^[a-z][a-z0-9_]{0,39}$/;
export const isDataKey = (key: string): boolean => dataKey.test(key);

/** A node as React Flow stores it. `type` names a node type, and `data.config` holds its configuration. */
export const FlowNode = z.looseObject({
  id: z.string().min(1).max(100),
  type: z.string().min(1).max(100),
  position: z.looseObject({ x: z.number(), y: z.number() }).default({ x: 0, y: 0 }),
  data: z.looseObject({
    label: z.string().max(200).optional(),
    note: z.string().max(2000).optional(),
    key: z.string().max(40).optional(),
    config: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type FlowNode = z.infer<typeof FlowNode>;

/** `sourceHandle` names the exit of the source node. An edge without it leaves by the first exit. */
export const FlowEdge = z.looseObject({
  id: z.string().min(1).max(200),
  source: z.string().min(1).max(100),
  target: z.string().min(1).max(100),
  sourceHandle: z.string().max(100).nullish(),
});
export type FlowEdge = z.infer<typeof FlowEdge>;

export const FlowGraph = z.object({
  nodes: z.array(FlowNode).max(flowLimits.nodes),
  edges: z.array(FlowEdge).max(flowLimits.edges),
});
export type FlowGraph = z.infer<typeof FlowGraph>;

/**
 * A problem of a graph. An error keeps the flow from being sent; a warning does not. `code` is stable, and `nodeId` or
 * `edgeId` names the place.
 */
export const FlowProblem = z.object({
  severity: z.enum(["error", "warning"]),
  code: z.enum([
    "unknown_node_type",
    "duplicate_node",
    "duplicate_edge",
    "dangling_edge",
    "no_start",
    "several_starts",
    "bad_config",
    "missing_config",
    "unknown_exit",
    "double_exit",
    "unreachable",
    "cycle_without_wait",
    "too_large",
    "malformed",
    "bad_key",
  ]),
  message: z.string(),
  nodeId: z.string().optional(),
  edgeId: z.string().optional(),
});
export type FlowProblem = z.infer<typeof FlowProblem>;

/** A row of the flows list and of the picker. `stepCount` counts every node, including the start and the end. */
export const FlowSummary = z.object({
  id: Uuid,
  name: z.string(),
  folderId: Uuid.nullable(),
  stepCount: z.number().int(),
  /** Whether the flow may be sent now. Otherwise the `problems` of the flow say why. */
  canStart: z.boolean(),
  /** The number of errors that keep the flow from being sent. It is zero when `canStart` is true. */
  problemCount: z.number().int(),
  channels: z.array(ChannelName),
  active: z.number().int(),
  enrolled: z.number().int(),
  lastSentAt: Timestamp.nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type FlowSummary = z.infer<typeof FlowSummary>;

export const FlowFolder = z.object({ id: Uuid, name: z.string(), parentId: Uuid.nullable() });
export type FlowFolder = z.infer<typeof FlowFolder>;

export const Flow = z.object({
  id: Uuid,
  name: z.string(),
  folderId: Uuid.nullable(),
  nodes: z.array(FlowNode),
  edges: z.array(FlowEdge),
  settings: z.record(z.string(), z.unknown()),
  problems: z.array(FlowProblem),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Flow = z.infer<typeof Flow>;

export const FlowInput = z.strictObject({
  name: z.string().trim().min(1).max(200),
  folderId: Uuid.nullish(),
  nodes: FlowGraph.shape.nodes,
  edges: FlowGraph.shape.edges,
  settings: z.record(z.string(), z.unknown()).optional(),
});
export type FlowInput = z.infer<typeof FlowInput>;
