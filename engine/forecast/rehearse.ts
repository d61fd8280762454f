import { countParts } from "#channels/count-parts.ts";
import { staysHere } from "#channels/stays-here.ts";
import type { Channel } from "#contract/messages.ts";
import type { SpellStatus } from "../effects/decide-change.ts";
import { rehearseChange } from "../effects/decide-change.ts";
import type { PendingMessage, PendingStart } from "../execution/chunk.ts";
import { leave } from "../execution/transitions.ts";
import type { NonRetriableError } from "../flow/node-executor.ts";
import { askHours, type Candidate, type GateAnswer, type GateFacts, judgeMessage, needsConsent } from "../messages/gate.ts";
import type { MessageLinks } from "../messages/message-links.ts";
import { passSend, refuse } from "../messages/message-outcome.ts";
import { obeyGate } from "../messages/obey-gate.ts";
import type { AddressBook } from "./address-book.ts";
import type { Walked } from "./walked.ts";

/** The provider of each channel by its name alone, because a forecast holds nothing that could send; or why there is none. */
export type ProviderNames = Partial<Record<Channel, { name: string } | NonRetriableError>>;

/** Whether messages of a channel with this provider never leave this machine. */
export const isKept = (provider: ProviderNames[Channel]): boolean =>
  provider !== undefined && !(provider instanceof Error) && staysHere(provider.name);

/** What a forecast knows before it walks. */
export interface ForecastFacts {
  gate: GateFacts;
  providers: ProviderNames;
  links: MessageLinks | undefined;
  spellStatus: SpellStatus;
  /** How many messages a contact may get within a day. */
  cap: number;
  /** Undefined where several contacts may have an address. */
  book: AddressBook | undefined;
  /** Whether the texts of messages are read by somebody. */
  keepsTexts: boolean;
}

const dayMs = 86_400_000;

/**
 * Leads an execution through the effect at which it stands as if all went well: the same decision and the same text, without a write, a
 * lock or a call. `looks_up`: it has written an address of which only the database knows the rest.
 */
export function rehearse(walked: Walked, facts: ForecastFacts): "goes_on" | "looks_up" {
  const { execution, now } = walked;
  const { pending } = execution.writes;
  if (!pending) throw new Error("An execution that stands at no effect is to be led through one");
  switch (pending.kind) {
    case "message":
      planMessage(walked, pending, facts);
      return "goes_on";
    case "change": {
      const patch = rehearseChange(execution, pending, { now, spellStatus: facts.spellStatus });
      if (patch.sms_opted_out !== undefined) walked.hasConsented = !patch.sms_opted_out && patch.consent !== undefined;
      return patch.phone !== undefined || patch.email !== undefined ? "looks_up" : "goes_on";
    }
    case "start":
      assumeStart(walked, pending);
      return "goes_on";
    case "leave": {
      const { node, visit, startedAt } = pending;
      leave(
        execution,
        node,
        { visit, startedAt },
        { status: "completed", exit: node.exits[0] ?? null, result: { rehearsed: true }, completedAt: now },
      );
      return "goes_on";
    }
  }
}

function planMessage(walked: Walked, pending: PendingMessage, facts: ForecastFacts): void {
  const { execution, now, had } = walked;
  const { channel, kind } = pending.draft;
  const candidate = { execution, draft: pending.draft };
  const judged = judgeMessage(candidate, facts.gate, { provider: facts.providers[channel], links: facts.links });
  const answer = judged.verdict === "leaves" ? judgeFurther(walked, candidate, judged, facts) : judged;
  if (answer.verdict !== "leaves") {
    obeyGate(execution, pending, answer, now);
    return;
  }
  const { to, message } = answer;
  if (facts.book && !facts.book.take(channel, to, execution.row.contactId ?? "")) {
    refuse(execution, "duplicate_address");
    return;
  }
  had.push({ at: now, isMarketing: kind === "marketing" });
  walked.characters += message.text.length + (message.html?.length ?? 0);
  walked.messages.push({
    nodeId: pending.node.id,
    visit: pending.visit,
    channel,
    at: now,
    to,
    segments: countParts[channel](message.text),
    message: facts.keepsTexts ? message : null,
  });
  passSend(execution, { rehearsed: true }, now);
}

/** Stages 7 to 9 of the gate for a message that would leave, on what was read of the contact and on what this walk has sent it before. */
function judgeFurther(
  walked: Walked,
  candidate: Candidate,
  answer: GateAnswer,
  { gate: { rules }, providers, cap }: ForecastFacts,
): GateAnswer {
  const { now, had } = walked;
  const { draft } = candidate;
  if (needsConsent(draft, rules) && !walked.hasConsented) return { verdict: "never", code: "no_consent" };
  const timed = isKept(providers[draft.channel]) ? answer : askHours(answer, candidate, rules, now);
  if (timed.verdict !== "leaves") return timed;
  const within = (days: number) => had.filter(({ at }) => at > now - days * dayMs);
  const marketingWithin = (days: number) => within(days).filter(({ isMarketing }) => isMarketing).length;
  const isOver =
    within(1).length >= cap ||
    (draft.kind === "marketing" &&
      ((rules.marketingPerDay !== null && marketingWithin(1) >= rules.marketingPerDay) ||
        (rules.marketingPerWeek !== null && marketingWithin(7) >= rules.marketingPerWeek)));
  return isOver ? { verdict: "never", code: "cap_reached" } : timed;
}

/** The other flow is not walked: it is taken to start, and where it is waited for, to end well. */
function assumeStart({ execution, now, assumed }: Walked, { node, visit, startedAt, start }: PendingStart): void {
  assumed.set(node.id, "other_flow_starts");
  leave(
    execution,
    node,
    { visit, startedAt },
    { status: "completed", exit: start.exits.started, result: { flow_id: start.flowId, rehearsed: true }, completedAt: now },
  );
}
