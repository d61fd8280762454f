import type { ExecutionMove, Step } from "#contract/executions.ts";

/** A part of the way of an execution that belongs to one version of its flow. */
export interface Stretch<OneStep> {
  versionId: string;
  /** How many visits were made before it. */
  before: number;
  steps: OneStep[];
  /** The move by which it came here; undefined where it began. */
  by: ExecutionMove | undefined;
}

type Taken = Pick<Step, "visit" | "startedAt" | "completedAt" | "status" | "exit">;

/**
 * Divides the steps of an execution by the versions in which they were taken. A step at which it rested while it was moved
 * belongs to both: in the first it still waits, because it ended in the other. Where it took no step there is no stretch.
 */
export function stretchesOf<OneStep extends Taken>(
  steps: readonly OneStep[],
  moves: readonly ExecutionMove[],
  versionId: string,
): Stretch<OneStep>[] {
  const made = effective(moves, versionId);
  const bounds = [0, ...made.map(({ afterVisit }) => afterVisit), Number.POSITIVE_INFINITY];
  const stretches = [undefined, ...made].map((by, index): Stretch<OneStep> => {
    const [after, upTo] = [bounds[index] as number, bounds[index + 1] as number];
    const isHere = (step: OneStep) => (step.visit > after && step.visit <= upTo) || (by !== undefined && wentOn(step, by));
    const next = made[index];
    const here = steps
      .filter(isHere)
      .map((step) => (next && wentOn(step, next) ? { ...step, status: "waiting" as const, exit: null } : step));
    const first = here[0]?.visit ?? after + 1;
    return { versionId: by?.to.versionId ?? made[0]?.from.versionId ?? versionId, before: visitsBefore(steps, first), steps: here, by };
  });
  const kept = stretches.filter((one) => one.steps.length > 0);
  return kept.length > 0 ? kept : stretches.slice(-1);
}

/** An execution that is left goes on in no version, and a retry leads back to an earlier one: the moves away from it count no more. */
function effective(moves: readonly ExecutionMove[], versionId: string): ExecutionMove[] {
  const made = moves.filter(({ action }) => action !== "leave");
  while (made.length > 0 && made.at(-1)?.to.versionId !== versionId) made.pop();
  return made;
}

const wentOn = ({ visit, startedAt, completedAt }: Taken, { action, afterVisit, at }: ExecutionMove): boolean =>
  action === "follow" && visit === afterVisit && startedAt <= at && (completedAt === null || completedAt > at);

const visitsBefore = (steps: readonly Taken[], visit: number): number =>
  new Set(steps.filter((step) => step.visit < visit).map((step) => step.visit)).size;
