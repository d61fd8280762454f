import { countParts } from "#channels/count-parts.ts";
import { answerHours } from "#contract/message-kinds.ts";
import type { PendingMessage } from "../execution/chunk.ts";
import { askConsent, askEnd, askHours, type Candidate, endWait, type GateAnswer, judgeMessage, needsConsent } from "../messages/gate.ts";
import { passSend, refuse } from "../messages/message-outcome.ts";
import { obeyGate } from "../messages/obey-gate.ts";
import type { ForecastFacts } from "./facts.ts";
import { isKept } from "./provider-names.ts";
import type { Walked } from "./walked.ts";

const dayMs = 86_400_000;

interface AtMessage {
  walked: Walked;
  pending: PendingMessage;
}

/**
 * Plans messages of one channel and kind at which contacts stand at the same moment, as a batch of the engine sends them: the gate is
 * asked about all of them in order, and then those that may leave take their addresses, the contact with the smallest id first.
 */
export function planMessages(batch: readonly AtMessage[], facts: ForecastFacts): void {
  const [first] = batch;
  if (!first) return;
  const { now } = first.walked;
  const asking = batch.map(({ walked, pending }) => {
    const candidate = { execution: walked.execution, draft: pending.draft, reachedAt: pending.reachedAt };
    return { walked, pending, candidate, answer: judgeAlone(walked, candidate, facts) };
  });
  const answers = facts.limits?.ask(first.pending.draft.channel, asking, now) ?? asking.map(({ answer }) => answer);
  const decided = asking.map((one, index) => ({ ...one, answer: endWait(answers[index] as GateAnswer, one.candidate, now) }));
  if (decided.length > 1) decided.sort((a, b) => (a.walked.execution.id < b.walked.execution.id ? -1 : 1));
  for (const { walked, pending, answer } of decided) {
    if (answer.verdict === "leaves") plan(walked, pending, answer, facts);
    else obeyGate(walked.execution, pending, answer, now);
  }
}

/** Stages 1 to 10 of the gate, on what was read of the contact and on what this walk has sent it before. */
function judgeAlone(walked: Walked, candidate: Candidate, { gate, providers, links, cap }: ForecastFacts): GateAnswer {
  const { now, had } = walked;
  const { draft } = candidate;
  const { rules } = gate;
  const judged = endWait(judgeMessage(candidate, gate, { provider: providers[draft.channel], links }), candidate, now);
  // The gate holds no message of a test back either.
  if (judged.verdict !== "leaves" || walked.execution.send.isTest) return judged;
  const allowed = needsConsent(draft, rules) ? askConsent(judged, walked.consented) : judged;
  if (allowed.verdict !== "leaves") return allowed;
  // Nobody can know who will have written by then; who has written until now is known.
  const wroteLately = walked.wroteAt !== undefined && walked.wroteAt > now - answerHours * 3_600_000;
  const stays = isKept(providers[draft.channel]);
  const inHours = stays ? allowed : askHours(allowed, candidate, rules, { now, wroteLately });
  const timed = endWait(inHours, candidate, now);
  if (timed.verdict !== "leaves") return timed;
  const within = (days: number) => had.filter(({ at }) => at > now - days * dayMs);
  const marketingWithin = (days: number) => within(days).filter(({ isMarketing }) => isMarketing).length;
  if (stays) return askEnd(timed, candidate, now);
  const isOver =
    within(1).length >= cap ||
    (draft.kind === "marketing" &&
      ((rules.marketingPerDay !== null && marketingWithin(1) >= rules.marketingPerDay) ||
        (rules.marketingPerWeek !== null && marketingWithin(7) >= rules.marketingPerWeek)));
  return isOver ? { verdict: "never", code: "cap_reached" } : askEnd(timed, candidate, now);
}

/** The message leaves, unless another contact has its address. */
function plan(walked: Walked, pending: PendingMessage, answer: Extract<GateAnswer, { verdict: "leaves" }>, facts: ForecastFacts): void {
  const { execution, now } = walked;
  const { channel, kind } = pending.draft;
  const { to, from, leavesIn = 0, message } = answer;
  if (facts.book && !facts.book.take(channel, to, execution.row.contactId ?? "")) {
    refuse(execution, "duplicate_address");
    return;
  }
  if (!isKept(facts.providers[channel])) walked.had.push({ at: now, isMarketing: kind === "marketing" });
  if (from !== undefined) walked.lastSenders.set(channel, from);
  walked.characters += message.text.length + (message.html?.length ?? 0);
  walked.messages.push({
    nodeId: pending.node.id,
    visit: pending.visit,
    channel,
    at: now + leavesIn,
    to,
    segments: countParts[channel](message.text),
    message: facts.keepsTexts ? message : null,
  });
  passSend(execution, { rehearsed: true }, now);
}
