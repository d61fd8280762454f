import { DateTime } from "luxon";
import type { StepMoments } from "#contract/step-moments.ts";
import type { Engine } from "#engine/engine.ts";
import { findMomentsOf } from "#nodes/moments.ts";
import { ApiError } from "../http/errors.ts";

/** Asks a step that waits by the clock when a contact goes on. The executor that runs in a flow answers. */
export async function findStepMoments(
  engine: Pick<Engine, "previewStep">,
  input: Parameters<Engine["previewStep"]>[0],
): Promise<StepMoments> {
  const find = findMomentsOf(input.node.type);
  if (!find) throw new ApiError("not_found", "This step does not wait by the clock.");
  const { contactId, contactName, newer, older, context } = await engine.previewStep(input);
  const { zone, zoneOf, moments } = find(context);
  const offsetAt = (at: Date) => DateTime.fromJSDate(at, { zone }).offset;
  return {
    ...{ contactId, contactName, newer, older, zone, zoneOf },
    offsetMinutes: offsetAt(context.now),
    moments: moments.map(({ comes, goesOn, exit, closes, problem }) => ({
      comes: comes.toISOString(),
      goesOn: goesOn.toISOString(),
      exit,
      closes: closes?.toISOString() ?? null,
      offsetMinutes: offsetAt(goesOn),
      problem: problem ?? null,
    })),
  };
}
