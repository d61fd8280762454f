import type { ErrorCode, Problem } from "#contract/api-errors.ts";
import type { FlowProblem } from "#contract/flows.ts";

/** What is wrong with a flow, with what was said of one of its steps, or at a place of the request. */
export type RefusalProblem = FlowProblem | Pick<FlowProblem, "message" | "nodeId"> | (Problem & { nodeId?: undefined });

/** The engine refuses a command. Nothing was changed; the message tells the person why and what to do. */
export class EngineRefusal extends Error {
  override name = "EngineRefusal";
  readonly code: ErrorCode;
  /** Every problem of the flow or of the values, when they are the reason. */
  readonly problems: readonly RefusalProblem[] | undefined;
  constructor(code: ErrorCode, message: string, problems?: readonly RefusalProblem[]) {
    super(message);
    this.code = code;
    this.problems = problems;
  }
}
