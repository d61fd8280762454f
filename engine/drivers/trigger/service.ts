import type { UnsentRun } from "./run-rows.ts";

/** What an overdue run is doing, as far as it matters here. */
export type RunState =
  | { is: "alive"; status: string }
  /** It sleeps until a moment. */
  | { is: "delayed"; status: string }
  /** Taken, but no deployed code knows the task. */
  | { is: "undeployed"; status: string }
  /** It will do nothing more. */
  | { is: "over"; status: string };

/** Trigger.dev as the driver needs it: four calls and a check. Every failure is a TriggerProblem. */
export interface RunService {
  /** Asks for a run; the same id and generation again answer with the same run. */
  trigger(run: UnsentRun): Promise<string>;
  /** The same for many, whose ids are not told. */
  triggerBatch(runs: readonly UnsentRun[]): Promise<void>;
  inspect(runId: string): Promise<RunState>;
  cancel(runId: string): Promise<void>;
  /** Whether the server is there, takes the key and has the task. */
  check(): Promise<void>;
}

export type TriggerProblemCode = "unreachable" | "refused_key" | "not_deployed" | "rate_limited" | "rejected" | "not_installed";

/** Its message is one sentence that says what is so and what to do, for the operator. */
export class TriggerProblem extends Error {
  override name = "TriggerProblem";
  readonly code: TriggerProblemCode;
  /** For rate limits: when to come back. */
  readonly retryAfterMs: number | undefined;

  constructor(code: TriggerProblemCode, message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}
