import { z } from "zod";
import { PublishedTests } from "./flow-tests.ts";
import { FlowGraph } from "./flows.ts";
import { Timestamp, Uuid } from "./pagination.ts";

/** A version of a flow as executions follow it. It never changes. */
export const FlowVersion = z.object({
  id: Uuid,
  flowId: Uuid,
  number: z.number().int(),
  name: z.string(),
  ...FlowGraph.shape,
  settings: z.record(z.string(), z.unknown()),
});
export type FlowVersion = z.infer<typeof FlowVersion>;

export const FlowVersionSummary = z.object({
  id: Uuid,
  number: z.number().int(),
  name: z.string(),
  stepCount: z.number().int(),
  /** Whether a send that is made now follows this version. */
  isLive: z.boolean(),
  createdAt: Timestamp,
  /** When it last went live by publishing. Null for what was only ever written by the API or another tool. */
  publishedAt: Timestamp.nullable(),
  publishedByName: z.string().nullable(),
  note: z.string().nullable(),
  /** What the tests of the flow said when it last went live; null where it had none. */
  tests: PublishedTests.nullable(),
  sends: z.number().int(),
  /** How many contacts are in it now. */
  active: z.number().int(),
  /**
   * What its last publication does with people of earlier versions; null where it moves nobody. `people`: how many were to be
   * moved when it was published. `isMoving`: the first round is not over; who is left then is moved by and by.
   */
  moves: z.object({ people: z.number().int(), moved: z.number().int(), left: z.number().int(), isMoving: z.boolean() }).nullable(),
});
export type FlowVersionSummary = z.infer<typeof FlowVersionSummary>;

/**
 * One difference between two contents of a flow. `path` is a place in the node (`data.config.text`) or in the settings, and
 * `from` and `to` are the values there; one that is absent is left out. Places of nodes on a canvas are not compared.
 */
export const FlowChange = z.object({
  kind: z.enum(["name", "setting", "node_added", "node_removed", "node_changed", "edge_added", "edge_removed"]),
  nodeId: z.string().optional(),
  /** For edges: the exit of `nodeId` and where it leads. */
  exit: z.string().nullable().optional(),
  target: z.string().optional(),
  path: z.string().optional(),
  from: z.unknown().optional(),
  to: z.unknown().optional(),
});
export type FlowChange = z.infer<typeof FlowChange>;

export const FlowComparison = z.object({ changes: z.array(FlowChange) });
