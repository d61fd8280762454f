import { contactName } from "#contract/contact-fields.ts";
import { type ForecastContacts, mostForecastNames } from "#contract/forecasts.ts";
import type { Reason } from "#contract/reasons.ts";
import type { ForecastSink, RefusedContact } from "./stage.ts";
import { reasonsByNode, type Walked } from "./walked.ts";

/** Keeps the first of those who do not start for a reason, or get nothing at a node for it. */
export class WhoKeeper implements ForecastSink {
  readonly #which: { reason: Reason; nodeId?: string | undefined };
  readonly #items: ForecastContacts["items"] = [];
  #total = 0;

  constructor(which: { reason: Reason; nodeId?: string | undefined }) {
    this.#which = which;
  }

  refused({ id, name }: RefusedContact, reason: Reason): void {
    if (this.#which.nodeId === undefined && reason === this.#which.reason) this.#keep(id, name);
  }

  walked({ steps, execution }: Walked): void {
    const { nodeId, reason } = this.#which;
    const { contact } = execution.memory;
    if (nodeId === undefined || !contact || !reasonsByNode(steps).get(nodeId)?.has(reason)) return;
    this.#keep(contact.fields.id, contactName(contact.fields));
  }

  #keep(contactId: string, name: string | null): void {
    this.#total += 1;
    if (this.#items.length < mostForecastNames) this.#items.push({ contactId, name });
  }

  found(): ForecastContacts {
    return { items: this.#items, total: this.#total };
  }
}
