import type { Db } from "#db/client.ts";
import type { Clock } from "../clock.ts";

/**
 * What a driver carries: "look at this now". Ids only; the state is in the database, so a lost or doubled job is a
 * delay or a no-op.
 */
export type Job =
  | { kind: "enroll"; sendId: string; after: string | null; done: number }
  | { kind: "lane"; sendId: string; lane: number; chunk: number }
  | { kind: "advance"; executionIds: string[] };

export type QueuedJob = Job & {
  /** Small numbers first. */
  priority: number;
  /** Not before this many milliseconds from now. */
  delayMs?: number;
  /** How often this was begun before and not finished: then somebody has left traces. */
  tries?: number;
  /** How often it ended in an error. */
  failures?: number;
};

export type RunningJob = Job & { priority: number; tries: number; failures: number };

export interface Work {
  /** Does one job. A throw means that not even a new hand-over was possible, and the driver must try again. */
  run(job: RunningJob): Promise<void>;
  /** Done again and again while the driver runs: hands over what is due, and says how much that was. */
  timers(): Promise<number>;
  /** Done again and again, less often: looks after dead workers and lost jobs. */
  reap(): Promise<void>;
}

/** Who calls the engine next, and when. */
export interface EngineDriver {
  /** By which everything of this engine is timed. */
  clock: Clock;
  /** Makes ready what wake() needs in the database. */
  prepare(): Promise<void>;
  /** Begins to work. */
  start(work: Work): Promise<void>;
  /** The name under which this process holds jobs, for `release`; undefined before it has begun. */
  holder(): string | undefined;
  /**
   * Hands over jobs in the caller's transaction: they exist if and only if it commits. A lane or an enrolment that is
   * waiting already is replaced; with `onlyIfAbsent` it is left alone, also while it is running.
   */
  wake(db: Db, jobs: readonly QueuedJob[], options?: { onlyIfAbsent?: boolean }): Promise<void>;
  /** Takes back the jobs of a send that have not begun. */
  cancel(db: Db, sendId: string, lanes: number): Promise<void>;
  /** Under which names jobs have been held for longer than this. */
  holders(db: Db, forSeconds: number): Promise<string[]>;
  /** Frees the jobs that dead processes hold. */
  release(db: Db, holders: readonly string[]): Promise<void>;
  /** Finishes the jobs in hand; the rest stays for others. */
  stop(): Promise<void>;
}

/** One enrolment and one chain of chunks per lane: under its key there is never a second one waiting. */
export function jobKey(job: Job): string | undefined {
  if (job.kind === "lane") return `lane:${job.sendId}:${job.lane}`;
  return job.kind === "enroll" ? `enroll:${job.sendId}` : undefined;
}

export const keysOfSend = (sendId: string, lanes: number) => [
  `enroll:${sendId}`,
  ...Array.from({ length: lanes }, (_, lane) => `lane:${sendId}:${lane}`),
];
