import type { ChunkExecution } from "./chunk.ts";

/** When an execution has been in its flow as long as its contact may stay, counted from when it began; undefined where there is no limit. */
function endOfStay({ flow, row }: ChunkExecution): number | undefined {
  if (flow.problem !== undefined || flow.longestStayMs === undefined) return undefined;
  return (row.startedAt?.getTime() ?? row.beganAt) + flow.longestStayMs;
}

export function hasStayedTooLong(execution: ChunkExecution, now: number): boolean {
  const end = endOfStay(execution);
  return end !== undefined && now >= end;
}

/** A rest that would last beyond the end of the stay is looked at when the stay ends. The step keeps until when it would have rested. */
export function wakeAtEndOfStay(execution: ChunkExecution): void {
  const { wait } = execution.writes;
  const end = endOfStay(execution);
  if (end === undefined || !wait || wait.call || wait.until.getTime() <= end) return;
  execution.writes.wait = { ...wait, until: new Date(end) };
}
