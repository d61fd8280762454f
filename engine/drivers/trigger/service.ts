import type { UnsentRun } from "./run-rows.ts";

/** The state of an overdue run. */
export type RunState =
  | { is: "alive"; status: string }
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
}

export type TriggerProblemCode = "unreachable" | "refused_key" | "not_deployed" | "rate_limited" | "rejected" | "not_installed";

/** Its message tells the operator in one sentence what is wrong and what to do. */
export class TriggerProblem extends Error {
  override name = "TriggerProblem";
  readonly code: TriggerProblemCode;
  /** Milliseconds until the next request makes sense; set for rate limits. */
  readonly retryAfterMs: number | undefined;

  constructor(code: TriggerProblemCode, message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}
