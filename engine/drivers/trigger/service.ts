import type { UnsentRun } from "./run-rows.ts";

/** The state of an overdue run. */
export type RunState =
  | { is: "alive"; status: string }
  /** Its process works, and has done so for this long by the clock of the server. */
  | { is: "executing"; status: string; forMs: number }
  /** It waits for its time. */
  | { is: "delayed"; status: string }
  /** Trigger.dev has accepted it, but no deployed code knows the task. */
  | { is: "undeployed"; status: string }
  /** It has ended. */
  | { is: "over"; status: string };

/** The calls of Trigger.dev that the driver needs. @throws TriggerProblem on every failure */
export interface RunService {
  /** Triggers a run and returns its id. The same row and generation return the same run. */
  trigger(run: UnsentRun): Promise<string>;
  /** Triggers many runs. The answer does not tell their ids. */
  triggerBatch(runs: readonly UnsentRun[]): Promise<void>;
  inspect(runId: string): Promise<RunState>;
  cancel(runId: string): Promise<void>;
  /** Checks that the server answers, accepts the key and knows the task. */
  check(): Promise<void>;
  /** The command that makes the task known there, for the operator. */
  deployCommand: string;
}

export type TriggerProblemCode = "unreachable" | "refused_key" | "not_deployed" | "rate_limited" | "rejected" | "not_installed";

/** A limit of the server, as it names it in its refusal. Requests and the items of batches are counted apart. */
export interface Limit {
  of: "requests" | "batch items";
  /** How many there may be at once. */
  size: number | undefined;
  /** Milliseconds until asking again makes sense. */
  retryAfterMs: number;
}

/** Its message tells the operator in one sentence what is wrong and what to do. */
export class TriggerProblem extends Error {
  override name = "TriggerProblem";
  readonly code: TriggerProblemCode;
  /** The limit that was reached; set for rate limits. */
  readonly limit: Limit | undefined;

  constructor(code: TriggerProblemCode, message: string, options: { cause?: unknown; limit?: Limit } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.limit = options.limit;
  }
}
