import type { VirtualClock } from "../base/clock.ts";
import type { EngineDriver, QueuedJob, RunningJob, Work } from "../jobs/driver.ts";
import { jobKey } from "../jobs/driver.ts";

export interface MemoryDriver extends EngineDriver {
  /** Runs every job that is due, one after the other, and makes the calls they hand over, until none is left. Returns how many ran. */
  runUntilIdle(mayGoOn: () => boolean): Promise<number>;
  /** When the next job that waits is due, in milliseconds since 1970. */
  nextAt(): number | undefined;
}

interface WaitingJob {
  job: QueuedJob;
  at: number;
  place: number;
}

/**
 * Keeps jobs in memory and runs them in the caller's process, one at a time. A job only says "look at this now", so one that
 * was handed over by a transaction that failed finds nothing; and jobs of others, which stand in tables, are never seen.
 */
export function createMemoryDriver(clock: VirtualClock): MemoryDriver {
  const waiting = new Map<string, WaitingJob>();
  let work: Work | undefined;
  let place = 0;

  function takeNext(): QueuedJob | undefined {
    const [next] = [...waiting]
      .filter(([, { at }]) => at <= clock.time())
      .sort(([, a], [, b]) => a.job.priority - b.job.priority || a.at - b.at || a.place - b.place);
    if (!next) return undefined;
    waiting.delete(next[0]);
    return next[1].job;
  }

  return {
    clock,
    isRunning: () => work !== undefined,
    // Without a name under which it holds jobs, this engine is no worker that others look after.
    holder: () => undefined,
    prepare: async () => {},
    async start(begun) {
      work = begun;
    },
    async runUntilIdle(mayGoOn) {
      if (!work) throw new Error("The driver was not started");
      let count = 0;
      for (;;) {
        await work.wakeDue();
        const before = count;
        for (let job = takeNext(); job !== undefined; job = mayGoOn() ? takeNext() : undefined) {
          const { delayMs: _, ...rest } = job;
          await work.run({ ...rest, tries: job.tries ?? 0, failures: job.failures ?? 0 } as RunningJob);
          count += 1;
        }
        await work.drainCalls();
        if (count === before || !mayGoOn()) return count;
      }
    },
    nextAt: () => (waiting.size === 0 ? undefined : Math.min(...[...waiting.values()].map(({ at }) => at))),
    async wake(_, jobs) {
      for (const job of jobs) {
        const key = jobKey(job);
        const at = clock.time() + (job.delayMs ?? 0);
        place += 1;
        waiting.set(key, { job, at: Math.min(at, waiting.get(key)?.at ?? at), place });
      }
    },
    holders: async () => [],
    countJobs: async () => ({ ready: waiting.size, running: 0, delayed: 0, failing: 0 }),
    release: async () => {},
    async stop() {
      waiting.clear();
    },
  };
}
