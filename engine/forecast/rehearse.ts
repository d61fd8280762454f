import { channels } from "#contract/messages.ts";
import { consentAddress } from "#db/queries/consents.ts";
import { rehearseChange } from "../effects/decide-change.ts";
import type { ChunkContact, PendingStart } from "../execution/chunk.ts";
import { leave } from "../execution/transitions.ts";
import type { ContactPatch } from "../flow/node-executor.ts";
import type { Consented } from "../messages/consented-rows.ts";
import type { ForecastFacts } from "./facts.ts";
import { planMessages } from "./plan-messages.ts";
import { refusedAfter } from "./refused-after.ts";
import type { Walked } from "./walked.ts";

/**
 * Leads executions that stand at effects of one kind through them as if all went well: the same decisions and the same texts, without a
 * write, a lock or a call. Returns those that have written an address of which only the database knows the rest.
 */
export function rehearse(batch: readonly Walked[], facts: ForecastFacts): readonly Walked[] {
  const atMessages = batch.flatMap((walked) => {
    const { pending } = walked.execution.writes;
    return pending?.kind === "message" ? [{ walked, pending }] : [];
  });
  if (atMessages.length > 0) {
    planMessages(atMessages, facts);
    return [];
  }
  return batch.filter((walked) => passEffect(walked, facts) === "looks_up");
}

function passEffect(walked: Walked, facts: ForecastFacts): "goes_on" | "looks_up" {
  const { execution, now } = walked;
  const { pending } = execution.writes;
  switch (pending?.kind) {
    case undefined:
    case "message":
      throw new Error("An execution that stands at no effect of this kind is to be led through one");
    case "change": {
      const before = execution.memory.contact;
      const patch = rehearseChange(execution, pending, { now, spellStatus: facts.spellStatus });
      if (patch.sms_opted_out !== undefined) walked.consented = consentedAfter(walked, patch);
      const isOpened = noteRefusals(execution, before, patch);
      return patch.phone !== undefined || patch.email !== undefined || isOpened ? "looks_up" : "goes_on";
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

/** Notes what was asked for under an earlier address. Returns whether that has changed. */
function noteRefusals({ memory }: Walked["execution"], before: ChunkContact | null, patch: ContactPatch): boolean {
  if (!before || !memory.contact) return false;
  const refusedBefore = refusedAfter(before, memory.contact.fields, patch);
  memory.contact = { ...memory.contact, refusedBefore };
  return channels.some((channel) => refusedBefore[channel] !== before.refusedBefore[channel]);
}

/** An opt-out ends every consent, and a consent is one for the number that the contact has at this step. */
function consentedAfter({ consented, execution }: Walked, patch: ContactPatch): Consented {
  if (patch.sms_opted_out) return new Set();
  const number = execution.memory.contact?.fields.phone_e164;
  return patch.consent === undefined || !number ? consented : new Set([...consented, consentAddress(number)]);
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
