import type { Provider } from "#channels/channel.ts";
import { countParts } from "#channels/count-parts.ts";
import type { Channel } from "#contract/messages.ts";
import type { SpellStatus } from "../effects/decide-change.ts";
import { rehearseChange } from "../effects/decide-change.ts";
import type { PendingMessage, PendingStart } from "../execution/chunk.ts";
import { leave } from "../execution/transitions.ts";
import type { NonRetriableError } from "../flow/node-executor.ts";
import { type GateFacts, judgeMessage } from "../messages/gate.ts";
import { passSend, refuse } from "../messages/message-outcome.ts";
import { obeyGate } from "../messages/obey-gate.ts";
import type { AddressBook } from "./address-book.ts";
import type { Walked } from "./walked.ts";

/** What a forecast knows before it walks. */
export interface ForecastFacts {
  gate: GateFacts;
  /** Why a channel can send nothing, where it cannot. */
  refusedChannels: Partial<Record<Channel, NonRetriableError>>;
  spellStatus: SpellStatus;
  /** How many messages a contact may get within a day. */
  cap: number;
  /** Undefined where the send allows several contacts to an address. */
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
  const { channel } = pending.draft;
  const provider = facts.refusedChannels[channel] as Provider | Error | undefined;
  const answer = judgeMessage({ execution, draft: pending.draft }, facts.gate, { ...(provider && { provider }) });
  if (answer.verdict !== "leaves") {
    obeyGate(execution, pending, answer, now);
    return;
  }
  const { to, message } = answer;
  if (had.filter((at) => at > now - dayMs).length >= facts.cap) {
    refuse(execution, "cap_reached");
    return;
  }
  if (facts.book && !facts.book.take(channel, to, execution.row.contactId ?? "")) {
    refuse(execution, "duplicate_address");
    return;
  }
  had.push(now);
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
