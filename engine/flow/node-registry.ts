import type { FlowGraph, FlowProblem } from "#contract/flows.ts";
import type { NodeDefinition } from "#contract/node-definition.ts";
import type { NodeContext, Outcome } from "./node-executor.ts";

/** The node types, from nodes/. They arrive as a parameter, so the engine knows none of them by name. */
export interface NodeRegistry {
  definitions: Readonly<Record<string, NodeDefinition>>;
  // A registry holds executors of different configurations; each is only ever given one that its definition parsed.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  executors: Readonly<Record<string, (context: NodeContext<any>) => Outcome>>;
  /**
   * Returns everything that is wrong with a graph. `flowId` is the flow whose graph it is. `judgesNames`: also names of fields
   * that never have a value, with which a flow runs, but not as its author meant.
   */
  validateFlow(graph: unknown, flowId?: string, options?: { judgesNames: boolean }): FlowProblem[];
  /** The node where an execution of a valid graph begins. */
  findEntry(graph: FlowGraph): string | undefined;
}
