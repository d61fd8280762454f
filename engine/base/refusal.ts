import type { ErrorCode } from "#contract/api-errors.ts";
import type { FlowProblem } from "#contract/flows.ts";

/** The engine will not do what was asked, and says why. Nothing was changed. */
export class EngineRefusal extends Error {
  override name = "EngineRefusal";
  readonly code: ErrorCode;
  /** Everything that is wrong with the flow, where that is the reason. */
  readonly problems: FlowProblem[] | undefined;
  constructor(code: ErrorCode, message: string, problems?: FlowProblem[]) {
    super(message);
    this.code = code;
    this.problems = problems;
  }
}
