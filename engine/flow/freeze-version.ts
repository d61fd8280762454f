import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { FlowGraph } from "#contract/flows.ts";
import type { Tx } from "#db/client.ts";
import { EngineRefusal } from "../base/refusal.ts";
import type { NodeRegistry } from "./node-registry.ts";

export interface FrozenVersion {
  id: string;
  number: number;
}

interface Flow {
  id: string;
  workspaceId: string;
  name: string;
  settings: unknown;
}

/**
 * The immutable copy of a graph that a send follows. The same content is the same version, so pressing Send a thousand
 * times on an unchanged flow makes one; whatever is edited later, executions keep theirs.
 */
export async function freezeVersion(tx: Tx, flow: Flow, graph: FlowGraph, createdBy: string | null): Promise<FrozenVersion> {
  const content = { nodes: graph.nodes, edges: graph.edges, settings: flow.settings ?? {} };
  const hash = createHash("sha256").update(canonicalJson(content)).digest("hex");
  const existing = await findVersion(tx, flow.id, hash);
  if (existing) return existing;
  // Versions are numbered one after the other, so two people who freeze at once do it in turn.
  await sql`select from flows where id = ${flow.id}::uuid for update`.execute(tx);
  const { rows } = await sql<FrozenVersion>`
    insert into flow_versions (workspace_id, flow_id, number, hash, name, nodes, edges, settings, created_by)
    select ${flow.workspaceId}, ${flow.id}::uuid, coalesce(max(number), 0) + 1, ${hash}, ${flow.name},
      ${JSON.stringify(content.nodes)}::jsonb, ${JSON.stringify(content.edges)}::jsonb, ${JSON.stringify(content.settings)}::jsonb,
      ${createdBy}::uuid
    from flow_versions where flow_id = ${flow.id}::uuid
    on conflict (flow_id, hash) do nothing
    returning id, number`.execute(tx);
  const version = rows[0] ?? (await findVersion(tx, flow.id, hash));
  if (!version) throw new Error("A flow version was neither made nor found");
  return version;
}

/** Refuses a graph that cannot run, with everything that is wrong with it. */
export function checkGraph(graph: { nodes: unknown; edges: unknown }, registry: NodeRegistry, flowId: string): asserts graph is FlowGraph {
  if (Array.isArray(graph.nodes) && graph.nodes.length === 0) {
    throw new EngineRefusal("flow_has_no_steps", "This flow has no steps yet. Add at least one before you send it.");
  }
  const problems = registry.validateFlow(graph, flowId);
  const errors = problems.filter(({ severity }) => severity === "error").length;
  if (errors > 0) {
    const count = errors === 1 ? "one problem" : `${errors} problems`;
    throw new EngineRefusal("flow_invalid", `This flow cannot be sent: it has ${count}. Mend the flow and send it again.`, problems);
  }
}

async function findVersion(tx: Tx, flowId: string, hash: string): Promise<FrozenVersion | undefined> {
  return tx.selectFrom("flow_versions").select(["id", "number"]).where("flow_id", "=", flowId).where("hash", "=", hash).executeTakeFirst();
}

/** The same text for the same content, however its properties were ordered. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
