import type { ReadyNode } from "../flow/flow-graph.ts";
import type { ChunkExecution } from "./chunk.ts";
import { buildContext } from "./node-context.ts";

/** The goals ahead of the node at which an execution stands, the nearest first. */
export function goalsAhead({ flow, cursor: { nodeId } }: ChunkExecution): readonly string[] {
  return (flow.problem === undefined && nodeId !== null && flow.goalsAhead.get(nodeId)) || [];
}

/**
 * The goal to which this execution jumps now, or undefined. The executor of the goal says whether it is reached. An
 * execution jumps to each goal once: if a loop leads it back to before a goal that it has reached, it gets there again only
 * by walking.
 */
export function findGoal(execution: ChunkExecution, now: number): ReadyNode | undefined {
  const {
    flow,
    memory: { contact },
  } = execution;
  if (flow.problem !== undefined || !contact) return undefined;
  for (const id of goalsAhead(execution)) {
    const goal = flow.nodes.get(id);
    if (!goal || (execution.memory.visitsOf?.get(id) ?? 0) > 0) continue;
    try {
      const outcome = goal.execute({ ...buildContext(execution, goal, contact.fields, now), waited: false, waiting: undefined });
      if (outcome.type === "next" && (outcome.exit ?? goal.exits[0]) === goal.exits[0]) return goal;
    } catch {
      // A goal whose executor throws causes no jump. An execution that walks to it has its step fail, with the reason.
    }
  }
  return undefined;
}
