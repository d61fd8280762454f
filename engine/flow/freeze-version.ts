import { createHash } from "node:crypto";
import type { FlowGraph } from "#contract/flows.ts";
import type { Tx } from "#db/client.ts";
import { canonicalJson } from "../base/canonical-json.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { NodeRegistry } from "./node-registry.ts";
import type { FlowRow, FrozenVersion } from "./version-rows.ts";
import { findVersion, insertVersion } from "./version-rows.ts";

/** The hash by which equal content is found to be the same version. Stored for ever, so it must never change. */
export function hashContent(content: unknown): string {
  return createHash("sha256")
    .update(canonicalJson(content) ?? "")
    .digest("hex");
}

/** Hashes a flow as it is live, by which a change of it is seen. */
export const liveHash = ({ nodes, edges, settings }: { nodes: unknown; edges: unknown; settings: unknown }): string =>
  hashContent({ nodes, edges, settings: settings ?? {} });

interface Flow {
  id: string;
  workspaceId: string;
  name: string;
  settings: unknown;
}

/**
 * Makes or finds the immutable copy of a graph that a send follows. Equal content is the same version, so a thousand sends
 * of an unchanged flow make one. Executions keep their version, whatever is edited later.
 */
export async function freezeVersion(tx: Tx, flow: Flow, graph: FlowGraph, createdBy: string | null): Promise<FrozenVersion> {
  const content = { nodes: graph.nodes, edges: graph.edges, settings: flow.settings ?? {} };
  const hash = hashContent(content);
  const existing = await findVersion(tx, flow.id, hash);
  if (existing) return existing;
  const { id: flowId, workspaceId, name } = flow;
  const version =
    (await insertVersion(tx, { workspaceId, flowId, hash, name, content, createdBy })) ?? (await findVersion(tx, flowId, hash));
  if (!version) throw new Error("A flow version was neither made nor found");
  return version;
}

/**
 * Checks that a graph can run. `by`: a person who sends it can mend a name that has no value. Another flow that starts it
 * cannot, and there the name is a missing value, as it is in a version that was frozen earlier.
 *
 * @throws EngineRefusal with everything that is wrong with the graph
 */
export function checkGraph(
  graph: { nodes: unknown; edges: unknown },
  registry: NodeRegistry,
  { flowId, by }: { flowId: string; by: "person" | "flow" },
): asserts graph is FlowGraph {
  if (Array.isArray(graph.nodes) && graph.nodes.length === 0) {
    throw new EngineRefusal("flow_has_no_steps", "This flow has no steps yet. Add at least one before you send it.");
  }
  const problems = registry.validateFlow(graph, flowId, { judgesNames: by === "person" });
  const errors = problems.filter(({ severity }) => severity === "error").length;
  if (errors > 0) {
    const count = errors === 1 ? "one problem" : `${errors} problems`;
    throw new EngineRefusal(
      "flow_invalid",
      `This flow cannot be sent: it has ${count}. Open the flow, fix what is listed, and send it again.`,
      problems,
    );
  }
}

/** Freezes a flow as it is now, for other flows to start. Gives the refusal where its graph cannot run. */
export async function freezeToStart(
  registry: NodeRegistry,
  tx: Tx,
  flow: FlowRow & { workspaceId: string },
): Promise<FrozenVersion | EngineRefusal> {
  const graph = { nodes: flow.nodes, edges: flow.edges };
  try {
    checkGraph(graph, registry, { flowId: flow.id, by: "flow" });
  } catch (error) {
    if (error instanceof EngineRefusal) return error;
    throw error;
  }
  return freezeVersion(tx, flow, graph, null);
}
