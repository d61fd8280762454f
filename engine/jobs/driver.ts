import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";

/**
 * A job holds ids only and means "look at this now". The state is in the database, so a lost job is a delay and a doubled
 * job does nothing.
 */
export type Job =
  /** The next page of a send's audience. */
  | { kind: "enroll"; sendId: string; after: string | null; done: number }
  /** A turn: a worker takes the next portion of a workspace's work. A quick turn takes small sends and a few woken executions. */
  | { kind: "turn"; workspaceId: string; quick: boolean; slot: number }
  /** A turn that takes one execution whose wake-up is due, for a driver that hands over executions one by one. */
  | { kind: "execution"; workspaceId: string; executionId: string }
  /** The next page of a send that was stopped or undone. */
  | { kind: "finish_stopped_send"; sendId: string; from: number }
  /** An execution that ends as soon as the provider has answered its message in flight. */
  | { kind: "cancel"; executionId: string }
  /**
   * The next portion of the people whom a publication moves: those behind the execution `after` in the version with this number
   * among those it moves people from, or after the last version those in lanes.
   */
  | { kind: "move"; publicationId: string; version: number; after: string | null; sweep: number }
  /** The next pass of a workspace's bulk changes. */
  | { kind: "bulk"; workspaceId: string }
  /** A forecast that is walked from its beginning to its end. */
  | { kind: "forecast"; forecastId: string }
  /** The next page of a press that sends to those of a send who can be reached now. */
  | { kind: "heal"; sendId: string };

export type QueuedJob = Job & {
  /** A smaller number is run first; see job-priorities.ts. */
  priority: number;
  /** Milliseconds that the job waits at least. */
  delayMs?: number;
  /** How often the job was begun before and not finished. A pass then looks for leftovers. */
  tries?: number;
  /** How often the job ended in an error. */
  failures?: number;
};

export type RunningJob = Job & {
  priority: number;
  tries: number;
  failures: number;
  /** The id of the Trigger.dev run that does this job, if one does. */
  runId?: string;
};

/** How many jobs there are, for the operator's metrics. */
export interface JobCounts {
  ready: number;
  running: number;
  delayed: number;
  failing: number;
}

export interface Work {
  /** Does one job. @throws when the job could not even be handed over anew; the driver then tries it again */
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
  /** Writes a heartbeat. A worker that has jobs only now and then beats while it has one. */
  beat(): Promise<void>;
  /** Takes this worker off the list of living workers. */
  signOff(): Promise<void>;
}

/** Decides who calls the engine next, and when. */
export interface EngineDriver {
  /** The clock of everything in this engine. */
  clock: Clock;
  /** Creates in the database what wake() needs. */
  prepare(): Promise<void>;
  /** Begins to take jobs. */
  start(work: Work): Promise<void>;
  /** Whether the driver was started and takes jobs. */
  isRunning(): boolean;
  /** The name under which this process holds jobs, for `release`; undefined before start(). */
  holder(): string | undefined;
  /**
   * Hands over jobs in the caller's transaction: they exist if and only if it commits. Of the jobs with one key only one
   * waits: a later one takes its place in the queue. One that is running has no key any more.
   */
  wake(db: Db, jobs: readonly QueuedJob[]): Promise<void>;
  /** The names under which jobs have been held for longer than `forSeconds`. */
  holders(db: Db, forSeconds: number): Promise<string[]>;
  countJobs(db: Db): Promise<JobCounts>;
  /** Makes the jobs that dead processes hold available again. */
  release(db: Db, holders: readonly string[]): Promise<void>;
  /** Finishes the jobs in hand. Other processes take the rest. */
  stop(): Promise<void>;
}

/** At most one job with the same key waits at a time. */
export function jobKey(job: Job): string {
  if (job.kind === "turn") return `turn:${job.workspaceId}:${job.quick ? "quick" : job.slot}`;
  if (job.kind === "move") return `move:${job.publicationId}`;
  if (job.kind === "bulk") return `bulk:${job.workspaceId}`;
  if (job.kind === "forecast") return `forecast:${job.forecastId}`;
  return job.kind === "cancel" || job.kind === "execution" ? `${job.kind}:${job.executionId}` : `${job.kind}:${job.sendId}`;
}
