import { WorkLimitExceeded } from "#contract/work-budget.ts";
import { EngineRefusal } from "../base/refusal.ts";
import { readSpelling, withinLimits } from "../effects/decide-change.ts";
import type { EngineContext } from "../engine-context.ts";
import type { DecideContext } from "../flow/node-executor.ts";
import { NonRetriableError } from "../flow/node-executor.ts";
import type { PreviewStepInput, ResultPreview, StepPreview } from "../preview-api.ts";
import { previewStep } from "./preview-step.ts";

type Result = Pick<ResultPreview, "result" | "reason" | "problem">;

/**
 * What a step that changes the contact, or keeps a value, would do if the contact came to it now: the executor that runs in a
 * flow decides, and nothing of it is written.
 */
export async function previewResult(engine: EngineContext, input: PreviewStepInput): Promise<ResultPreview> {
  const { contactId, contactName, newer, older, ...step } = await previewStep(engine, input);
  const spellStatus = await readSpelling(engine.db, input.workspaceId);
  return { contactId, contactName, newer, older, ...resultOf(step, spellStatus) };
}

function resultOf({ execute, context }: Pick<StepPreview, "execute" | "context">, spellStatus: DecideContext["spellStatus"]): Result {
  try {
    const outcome = execute(context);
    if (outcome.type === "next" && outcome.variables) return { result: outcome.output ?? {}, reason: null, problem: null };
    if (outcome.type !== "change") throw new EngineRefusal("not_found", "This step changes nothing of a contact and keeps no value.");
    const decided = withinLimits(outcome.decide({ ...context, spellStatus }), context.contact);
    if (decided.problem === undefined) return { result: decided.output, reason: null, problem: null };
    return { result: decided.output ?? {}, reason: decided.reason, problem: decided.problem };
  } catch (error) {
    if (!(error instanceof NonRetriableError || error instanceof WorkLimitExceeded)) throw error;
    return { result: {}, reason: error.reason, problem: error.message };
  }
}
