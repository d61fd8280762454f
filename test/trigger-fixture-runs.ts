import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

/** The options of a trigger that the fixture knows. Any other is refused, so that no unknown option is sent. */
export interface RunOptions {
  payloadType?: string;
  idempotencyKey?: string;
  idempotencyKeyTTL?: string;
  delay?: string;
  tags?: string[];
  priority?: number;
  concurrencyKey?: string;
  queue?: { name: string };
}

export interface FixtureRun {
  id: string;
  task: string;
  status: string;
  payload: unknown;
  options: RunOptions;
  batchId?: string;
  createdAt: number;
  queuedAt: number;
  startedAt?: number;
  finishedAt?: number;
  attempts: number;
}

export type Execute = (payload: unknown, run: { runId: string; attempt: number; signal: AbortSignal }) => Promise<unknown>;

export interface RunsOptions {
  execute: Execute;
  /** How many runs execute at once, in all queues together. */
  environmentLimit?: number;
  queues?: Record<string, number>;
  task?: string;
  maxAttempts?: number;
  /** The time between a failed attempt and the next. */
  retryMs?: number;
  /** How long it takes until waiting runs are begun, in their order. */
  dequeueMs?: number;
}

const live = new Set(["PENDING_VERSION", "DELAYED", "QUEUED", "EXECUTING"]);

/**
 * The run engine of the fixture. It does what was observed of Trigger.dev's, as far as the driver can notice it. Keys
 * are unique per task. A key returns its run while the run lives, has completed or was cancelled, and is free after a
 * failure.
 */
export class FixtureRuns {
  readonly all = new Map<string, FixtureRun>();
  /** If this is false, runs wait for a version that knows their task. */
  isDeployed = true;
  /** Stands for a wiped Redis: delayed runs are never started. */
  losesDelayed = false;
  /** Says how a run is to end instead of being executed: CRASHED, FAILED, … */
  endInstead: ((run: FixtureRun) => string | undefined) | undefined;
  /** Says which runs execute for ever without reaching their work, as after a crash of the database they connect to. */
  hangs: ((run: FixtureRun) => boolean) | undefined;
  readonly #keys = new Map<string, string>();
  readonly #aborts = new Map<string, AbortController>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #executing = new Set<Promise<void>>();
  readonly #options: Required<RunsOptions>;
  #isOpen = true;
  #willStart = false;

  constructor(options: RunsOptions) {
    this.#options = {
      environmentLimit: 50,
      queues: { "sluice-single": 25, "sluice-bulk": 64 },
      task: "trigger-workflow",
      maxAttempts: 3,
      retryMs: 20,
      dequeueMs: 5,
      ...options,
    };
  }

  hasQueue(name: string): boolean {
    return this.isDeployed && name in this.#options.queues;
  }

  trigger(task: string, payload: unknown, options: RunOptions, batchId?: string): { run: FixtureRun; isCached: boolean } {
    const key = options.idempotencyKey && `${task} ${options.idempotencyKey}`;
    const known = key && this.all.get(this.#keys.get(key) ?? "");
    if (known && (live.has(known.status) || known.status === "COMPLETED" || known.status === "CANCELED"))
      return { run: known, isCached: true };
    const now = Date.now();
    const run: FixtureRun = {
      id: `run_${randomBytes(10).toString("hex")}`,
      task,
      status: "QUEUED",
      payload,
      options,
      batchId,
      createdAt: now,
      queuedAt: now,
      attempts: 0,
    };
    this.all.set(run.id, run);
    if (key) this.#keys.set(key, run.id);
    // A delay that cannot be read starts the run at once, and so does one in the past.
    const dueIn = options.delay === undefined ? 0 : new Date(options.delay).getTime() - now;
    if (task !== this.#options.task || !this.hasQueue(options.queue?.name ?? "")) run.status = "PENDING_VERSION";
    else if (dueIn > 0) {
      run.status = "DELAYED";
      this.#later(dueIn, () => {
        if (run.status !== "DELAYED" || this.losesDelayed) return;
        run.status = "QUEUED";
        run.queuedAt = Date.now();
        this.#startNext();
      });
    } else this.#startNext();
    return { run, isCached: false };
  }

  cancel(run: FixtureRun): void {
    if (!live.has(run.status)) return;
    this.#end(run, "CANCELED");
    this.#aborts.get(run.id)?.abort();
  }

  /** Stands for a deployment: runs that waited for one are queued. */
  deploy(): void {
    this.isDeployed = true;
    for (const run of this.all.values()) if (run.status === "PENDING_VERSION") run.status = "QUEUED";
    this.#startNext();
  }

  count(status: string): number {
    return [...this.all.values()].filter((run) => run.status === status).length;
  }

  /** Begins nothing more and waits for the runs that are executing. */
  async close(): Promise<void> {
    this.#isOpen = false;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const run of this.all.values()) if (this.hangs?.(run)) this.#aborts.get(run.id)?.abort();
    await Promise.allSettled(this.#executing);
  }

  #later(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }

  #startNext(): void {
    if (this.#willStart) return;
    this.#willStart = true;
    this.#later(this.#options.dequeueMs, () => {
      this.#willStart = false;
      if (this.#isOpen) this.#dequeue();
    });
  }

  /**
   * Begins runs in the order of their requests, as far as the limits allow. A priority counts as seconds of waiting.
   */
  #dequeue(): void {
    const rank = (run: FixtureRun) => run.queuedAt - (run.options.priority ?? 0) * 1_000;
    const waiting = [...this.all.values()].filter(({ status }) => status === "QUEUED").sort((a, b) => rank(a) - rank(b));
    const place = ({ options }: FixtureRun) => `${options.queue?.name} ${options.concurrencyKey}`;
    const busy = new Map<string, number>();
    let total = 0;
    for (const run of this.all.values()) {
      if (run.status !== "EXECUTING") continue;
      total += 1;
      busy.set(place(run), (busy.get(place(run)) ?? 0) + 1);
    }
    for (const run of waiting) {
      if (total >= this.#options.environmentLimit) return;
      const used = busy.get(place(run)) ?? 0;
      if (used >= (this.#options.queues[run.options.queue?.name ?? ""] ?? 0)) continue;
      total += 1;
      busy.set(place(run), used + 1);
      const executing = this.#executeRun(run).finally(() => {
        this.#executing.delete(executing);
        this.#startNext();
      });
      this.#executing.add(executing);
    }
  }

  async #executeRun(run: FixtureRun): Promise<void> {
    run.status = "EXECUTING";
    run.startedAt = Date.now();
    const instead = this.endInstead?.(run);
    if (instead) return this.#end(run, instead);
    const abort = new AbortController();
    this.#aborts.set(run.id, abort);
    if (this.hangs?.(run)) return void (await new Promise((resolve) => abort.signal.addEventListener("abort", resolve)));
    while (run.status === "EXECUTING") {
      run.attempts += 1;
      try {
        await this.#options.execute(run.payload, { runId: run.id, attempt: run.attempts, signal: abort.signal });
        if (run.status === "EXECUTING") this.#end(run, "COMPLETED");
      } catch (error) {
        if (run.attempts >= this.#options.maxAttempts || (error as Error).name === "AbortTaskRunError") this.#end(run, "FAILED");
        else await sleep(this.#options.retryMs);
      }
    }
  }

  #end(run: FixtureRun, status: string): void {
    run.status = status;
    run.finishedAt = Date.now();
  }
}
