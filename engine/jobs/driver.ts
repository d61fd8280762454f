import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";

/**
 * What a driver carries: "look at this now". Ids only; the state is in the database, so a lost or doubled job is a
 * delay or a no-op.
 */
export type Job =
  /** The next page of a send's audience. */
  | { kind: "enroll"; sendId: string; after: string | null; done: number }
  /** A portion of a workspace's work, whatever is next in it; `quick`: only what is small. */
  | { kind: "turn"; workspaceId: string; quick: boolean; slot: number }
  /** One execution that has woken, and nobody else: for a driver that hands over executions one by one. */
  | { kind: "execution"; workspaceId: string; executionId: string }
  /** The next page of a send that was stopped or undone. */
  | { kind: "finish_stopped_send"; sendId: string; from: number }
  /** An execution that is to end as soon as its message in flight is answered. */
  | { kind: "cancel"; executionId: string };

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

export type RunningJob = Job & {
  priority: number;
  tries: number;
  failures: number;
  /** How the engine outside calls the run that this job is done in, where there is one. */
  runId?: string;
};

/** The jobs there are, for the operator's metrics. */
export interface JobCounts {
  ready: number;
  running: number;
  delayed: number;
  failing: number;
}

export interface Work {
  /** Does one job. A throw means that not even a new hand-over was possible, and the driver must try again. */
  run(job: RunningJob): Promise<void>;
  /** Hands over turns for what is due. The driver calls it every 250 ms while it runs. */
  wakeDue(): Promise<void>;
  /** Frees what dead workers hold and starts again what lost its job. The driver calls it every second while it runs. */
  checkWorkers(): Promise<void>;
  /**
   * Resolves when the webhook calls are made that jobs of this process handed over. For a driver whose process may end
   * with the job.
   */
  drainCalls(): Promise<void>;
  /** Says that this worker lives; a worker that only now and then has something in hand says it while it has. */
  beat(): Promise<void>;
  /** Says that it has nothing in hand any more. */
  signOff(): Promise<void>;
}

/** Who calls the engine next, and when. */
export interface EngineDriver {
  /** By which everything of this engine is timed. */
  clock: Clock;
  /** Makes ready what wake() needs in the database. */
  prepare(): Promise<void>;
  /** Begins to work. */
  start(work: Work): Promise<void>;
  /** Whether it works: begun, and not broken down. */
  isRunning(): boolean;
  /** The name under which this process holds jobs, for `release`; undefined before it has begun. */
  holder(): string | undefined;
  /**
   * Hands over jobs in the caller's transaction: they exist if and only if it commits. Of the jobs with one key only one
   * waits: a later one takes its place in the queue. One that is running has no key any more.
   */
  wake(db: Db, jobs: readonly QueuedJob[]): Promise<void>;
  /** Under which names jobs have been held for longer than this. */
  holders(db: Db, forSeconds: number): Promise<string[]>;
  countJobs(db: Db): Promise<JobCounts>;
  /** Frees the jobs that dead processes hold. */
  release(db: Db, holders: readonly string[]): Promise<void>;
  /** Finishes the jobs in hand; the rest stays for others. */
  stop(): Promise<void>;
}

/** Under its key there is never a second job waiting. */
export function jobKey(job: Job): string {
  if (job.kind === "turn") return `turn:${job.workspaceId}:${job.quick ? "quick" : job.slot}`;
  return job.kind === "cancel" || job.kind === "execution" ? `${job.kind}:${job.executionId}` : `${job.kind}:${job.sendId}`;
}
