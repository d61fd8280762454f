import { contactName } from "#contract/contact-fields.ts";
import type { ContactForecast } from "#contract/forecasts.ts";
import type { Reason } from "#contract/reasons.ts";
import type { ForecastSink, RefusedContact, WalkedAudience } from "./stage.ts";
import type { Walked } from "./walked.ts";

/** Keeps the way of one contact. */
export class WayKeeper implements ForecastSink {
  readonly readsTexts = true;
  way: { walked: Walked; refusal?: undefined } | { refusal: Reason; contact: RefusedContact; walked?: undefined } | undefined;

  refused(contact: RefusedContact, refusal: Reason): void {
    this.way = { refusal, contact };
  }

  walked(walked: Walked): void {
    this.way = { walked };
  }
}

export function describeWay({ way }: WayKeeper, flow: WalkedAudience["flow"]): ContactForecast {
  if (!way) throw new Error("The contact of a forecast was not looked at");
  if (way.walked === undefined) {
    return { contactId: way.contact.id, name: way.contact.name, notStarted: way.refusal, steps: [], end: null };
  }
  const { steps, messages, assumed, ending, execution } = way.walked;
  const { contact } = execution.memory;
  return {
    contactId: execution.row.contactId ?? "",
    name: contact && contactName(contact.fields),
    notStarted: null,
    steps: steps.map(({ at, until, ...step }) => {
      const node = flow.nodes.get(step.nodeId);
      const sent = step.status === "completed" ? messages.find(({ visit }) => visit === step.visit) : undefined;
      return {
        ...step,
        type: node?.type ?? "",
        label: node?.label ?? node?.definition.label ?? step.nodeId,
        at: new Date(at).toISOString(),
        until: until === null ? null : new Date(until).toISOString(),
        assumed: assumed.get(step.nodeId) ?? null,
        message: sent?.message ? { channel: sent.channel, to: sent.to, segments: sent.segments, ...sent.message } : null,
      };
    }),
    end: ending ? { status: ending.status, reason: ending.reason } : null,
  };
}
