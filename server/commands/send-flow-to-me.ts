import type { ContactForecast } from "#contract/forecasts.ts";
import { type Reason, reasons } from "#contract/reasons.ts";
import type { FlowToMeQuestion } from "#contract/send-requests.ts";
import { conflict } from "../http/errors.ts";
import { markAsTest } from "./mark-as-test.ts";
import { myAddress, type Sender, sendToMyAddress, takeTurn } from "./to-my-address.ts";

/** A flow of several messages can be tried a few times, and nobody's telephone is flooded. */
const limit = {
  key: "flow-to-me",
  window: 600,
  max: 30,
  words: (retryAfter: number) =>
    `You have asked for 30 messages of flows within ten minutes. The next can go in ${Math.ceil(retryAfter / 60)} minutes.`,
};

/**
 * Sends what one contact would get at a step of a flow to who asks for it, marked as a test. The contact is walked through the flow as by a
 * forecast, so nothing is written of them: no enrolment, no message, no click.
 *
 * @throws ApiError as sendToMyAddress; conflict where the contact would get nothing at this visit of the step
 * @throws EngineRefusal as a forecast of the contact
 */
export async function sendFlowToMe(
  sender: Sender,
  { contactId, nodeId, visit, ...question }: FlowToMeQuestion,
  signal: AbortSignal,
): Promise<{ messageId: string; message: string }> {
  const { workspaceId, engine } = sender;
  // Walking costs more than sending, so it is counted before.
  await takeTurn(sender, limit);
  const selection = { type: "ids" as const, ids: [contactId] };
  const way = await engine.forecastContact({ ...question, workspaceId, selection, asTest: true, signal });
  const tries = way.steps.filter((one) => one.nodeId === nodeId && one.visit === visit);
  const step = tries.find(({ message }) => message !== null);
  if (!step?.message) throw conflict("conflict", noMessageWords(way, tries.at(-1)?.reason ?? null));
  const { channel, subject, text, html } = step.message;
  const to = await myAddress(sender, channel);
  return sendToMyAddress(sender, { channel, to, message: markAsTest({ channel, subject, text, html }, way.name) });
}

/** The reason stands at the step, or the way ended before it. Without one, this is another way than the one that was looked at. */
function noMessageWords({ notStarted, end }: ContactForecast, ofStep: Reason | null): string {
  if (notStarted) return `The contact does not start in this flow. ${reasons[notStarted].text}.`;
  const reason = ofStep ?? end?.reason;
  if (reason) return `The contact gets no message at this step. ${reasons[reason].text}.`;
  return "The contact gets no message at this step any more: the flow or the contact was changed. Begin the test anew.";
}
