import type { Db } from "#db/client.ts";

/**
 * What a driver carries: "look at this now". Ids only; the state is in the database, so a lost or doubled job is a
 * delay or a no-op.
 */
export type Job =
  | { kind: "enroll"; sendId: string; after: string | null; done: number }
  | { kind: "lane"; sendId: string; lane: number; chunk: number }
  | { kind: "advance"; executionIds: string[] };

export interface JobOptions {
  /** Not before this many milliseconds from now. */
  delayMs?: number;
  /** Small numbers first. */
  priority: number;
}

export type QueuedJob = Job & JobOptions;

/** Does one job. It must not throw for what can be tried again: it hands itself over anew instead. */
export type RunJob = (job: QueuedJob) => Promise<void>;

/** Who calls the engine next, and when. */
export interface EngineDriver {
  /** Makes ready what wake() needs in the database. */
  prepare(): Promise<void>;
  /** Begins to run jobs. Returns the name under which this process holds jobs, for `release`. */
  start(run: RunJob): Promise<string>;
  /** Hands over jobs in the caller's transaction: they exist if and only if it commits. */
  wake(db: Db, jobs: readonly QueuedJob[], options?: { onlyIfAbsent?: boolean }): Promise<void>;
  /** Takes back the jobs of a send that have not begun. */
  cancel(db: Db, sendId: string): Promise<void>;
  /** Frees the jobs that dead processes hold. */
  release(db: Db, holders: readonly string[]): Promise<void>;
  /** Finishes the jobs in hand; the rest stays for others. */
  stop(): Promise<void>;
}
