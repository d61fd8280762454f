import type { ReadyNode } from "../flow/flow-graph.ts";
import type { ChunkExecution } from "./chunk.ts";
import { buildContext } from "./node-context.ts";

/** The goals ahead of where an execution stands; in a flow without goals, none. */
export function goalsAhead({ flow, cursor: { nodeId } }: ChunkExecution): readonly string[] {
  return (flow.problem === undefined && nodeId !== null && flow.goalsAhead.get(nodeId)) || [];
}

/**
 * The goal that draws this execution to itself now, if one does. Each does so once: an execution that a loop leads back
 * before a goal it has reached comes to it on its own feet. A goal says itself whether it is reached, asked from afar.
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
      // A goal that cannot be asked draws nobody; who comes to it sees its step fail, with the reason.
    }
  }
  return undefined;
}
