import { isForbiddenName } from "#contract/paths.ts";
import type { ReadyNode } from "../flow/flow-graph.ts";
import type { Output, Variables } from "../flow/node-executor.ts";
import type { ChunkExecution } from "./chunk.ts";

/** The most bytes that all variables of an execution may have together, as JSON. */
export const longestVariables = 64 * 1024;

/** Sets variables of an execution. Returns false, and sets none, where all of them together would be too large. */
export function setVariables(execution: ChunkExecution, set: Variables): boolean {
  const all = plainCopy(execution.memory.variables, set);
  const isEmpty = Object.keys(all).length === 0;
  if (!isEmpty && Buffer.byteLength(JSON.stringify(all)) > longestVariables) return false;
  execution.memory.variables = isEmpty ? null : all;
  execution.writes.variablesChanged = true;
  return true;
}

/** By which exit an execution left a node, and why it was not the usual one. */
interface WayLeft {
  exit: string | null;
  reason?: string | null | undefined;
}

/**
 * Keeps the result of a node that has a data key, and by which exit it was left, so that later nodes can read them. A value of
 * the result that is called so too goes before.
 */
export function keepOutput(execution: ChunkExecution, node: ReadyNode, output: Output | null | undefined, { exit, reason }: WayLeft): void {
  if (node.key === undefined) return;
  const kept = { ...(exit !== null && { exit }), ...(typeof reason === "string" && { reason }), ...output };
  execution.memory.outputs = plainCopy(execution.memory.outputs, { [node.key]: Object.keys(kept).length > 0 ? kept : null });
}

/** The variables that a step set, as they stand in its result. */
export function variablesOf(result: Output | null): Variables | undefined {
  const set = result?.variables;
  return typeof set === "object" && set !== null && !Array.isArray(set) ? (set as Variables) : undefined;
}

/** Reads stored variables. The result is a plain record or null, also where something else was stored. */
export function readVariables(stored: unknown): Variables | null {
  if (typeof stored !== "object" || stored === null || Array.isArray(stored)) return null;
  const all = plainCopy(null, stored as Variables);
  return Object.keys(all).length === 0 ? null : all;
}

function plainCopy(...sources: (Variables | null)[]): Variables {
  const copy: Record<string, unknown> = Object.create(null);
  for (const source of sources) {
    for (const [name, value] of Object.entries(source ?? {})) {
      if (isForbiddenName(name)) continue;
      if (value === null || value === undefined) delete copy[name];
      else copy[name] = value;
    }
  }
  return copy;
}
