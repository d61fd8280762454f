import { z } from "zod";
import { ProblemFix, problemCodes } from "./flow-problems.ts";
import { ChannelName } from "./messages.ts";
import { Timestamp, Uuid } from "./pagination.ts";
import { requiredText } from "./required-text.ts";

/** The limits of a graph are checked when it is saved and again when it is sent. */
export const flowLimits = { bytes: 1024 * 1024, nodes: 500, edges: 1000, nodeText: 128 * 1024, nesting: 20, keys: 2000 } as const;

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
    /** Switched off: executions pass it by its first exit. */
    off: z.boolean().optional(),
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
 * A problem of a graph. `code` is stable, and `nodeId` or `edgeId` names the place. `field` is the place in the node's
 * configuration (`text`, `branches.0.tests.1.field`), `exit` the exit of the node that it is about, and `suggestion` the name
 * that was probably meant where a field is named that does not exist.
 */
export const FlowProblem = z.object({
  severity: z.enum(["error", "warning", "hint"]),
  code: z.enum(problemCodes),
  message: z.string(),
  nodeId: z.string().optional(),
  edgeId: z.string().optional(),
  field: z.string().optional(),
  exit: z.string().optional(),
  suggestion: z.string().optional(),
  fix: ProblemFix.optional(),
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
  /** Whether something of it is edited and not published. */
  hasDraft: z.boolean(),
  active: z.number().int(),
  enrolled: z.number().int(),
  lastSentAt: Timestamp.nullable(),
  createdAt: Timestamp,
  /** When it was last edited or published. */
  updatedAt: Timestamp,
  archivedAt: Timestamp.nullable(),
  /** Whether it is one of the caller's favourites. */
  favourite: z.boolean(),
  /** When the caller opened it last. */
  openedAt: Timestamp.nullable(),
});
export type FlowSummary = z.infer<typeof FlowSummary>;

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
  /** Since when nobody may enter it. */
  archivedAt: Timestamp.nullable(),
});
export type Flow = z.infer<typeof Flow>;

export const FlowName = requiredText(200);

export const FlowInput = z.strictObject({
  name: FlowName,
  folderId: Uuid.nullish(),
  nodes: FlowGraph.shape.nodes,
  edges: FlowGraph.shape.edges,
  settings: z.record(z.string(), z.unknown()).optional(),
});
export type FlowInput = z.infer<typeof FlowInput>;

/** A flow that ships with the product, to begin with. */
export const FlowTemplate = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  /** What contacts must have for it to work, and what happens to those who lack it. */
  needs: z.string().nullable(),
  stepCount: z.number().int(),
  channels: z.array(ChannelName),
  nodes: FlowGraph.shape.nodes,
  edges: FlowGraph.shape.edges,
});
export type FlowTemplate = z.infer<typeof FlowTemplate>;

/** Without a name, a copy is called like what it is a copy of, with a number where that name is taken. */
export const FlowFromTemplate = z.strictObject({
  templateId: z.string().min(1).max(100),
  name: FlowName.optional(),
  /** As a draft nobody can be sent it before somebody has published it; live it can be sent at once. */
  as: z.enum(["live", "draft"]).default("live"),
});
export const FlowCopy = z.strictObject({ name: FlowName.optional() });
export const FlowRename = z.strictObject({ name: FlowName });
