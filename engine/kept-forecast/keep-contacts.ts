import type { Forecast } from "#contract/forecasts.ts";
import type { Reason } from "#contract/reasons.ts";
import type { ForecastSink, RefusedContact, WalkedAudience } from "../forecast/stage.ts";
import { Tally } from "../forecast/tally.ts";
import { cameToNothing, type PlannedStep, type Walked, whyNothing } from "../forecast/walked.ts";

/** What is kept of a contact. */
export interface KeptContact {
  contactId: string;
  refusal: Reason | null;
  /** Why it starts and gets no message; empty where none is on its way, null where it gets one. */
  nothing: Reason | "" | null;
  way: number | null;
  messagesAt: readonly number[];
}

/** A step of a way as it is stored. */
interface KeptStep extends Pick<PlannedStep, "nodeId" | "visit" | "status" | "exit" | "reason"> {
  /** Its reason is why it did nothing for the contact, by which contacts are listed. */
  toNothing?: true;
}

export interface KeptPage {
  contacts: readonly KeptContact[];
  /** The ways that no earlier contact took, as JSON. */
  ways: readonly { way: number; steps: string }[];
  looked: number;
  sums: Forecast;
  flowContent: string;
}

/** A way that is not among so many is stored again for each contact, so that memory stays bounded where all go different ways. */
const mostKnownWays = 10_000;

/** Adds up a forecast and hands over what is to be kept of its contacts, page by page. */
export class ContactKeeper implements ForecastSink {
  readonly #tally = new Tally();
  readonly #known = new Map<string, number>();
  readonly #save: ((audience: WalkedAudience) => Promise<void>) | undefined;
  #contacts: KeptContact[] = [];
  #ways: { way: number; steps: string }[] = [];
  #lastWay = 0;
  #looked = 0;

  /** `save` is called behind each page and takes what came since. */
  constructor(save?: (audience: WalkedAudience) => Promise<void>) {
    this.#save = save;
  }

  refused(contact: RefusedContact, reason: Reason): void {
    this.#tally.refused(contact, reason);
    this.#contacts.push({ contactId: contact.id, refusal: reason, nothing: null, way: null, messagesAt: [] });
  }

  walked(walked: Walked): void {
    this.#tally.walked(walked);
    const nothing = whyNothing(walked);
    this.#contacts.push({
      contactId: walked.execution.row.contactId ?? "",
      refusal: null,
      nothing: nothing === undefined ? null : (nothing ?? ""),
      way: this.#wayOf(walked),
      messagesAt: walked.messages.map(({ at }) => at),
    });
  }

  paged(audience: WalkedAudience): Promise<void> {
    return this.#save?.(audience) ?? Promise.resolve();
  }

  /** What came since it was taken before, with the sums of all. */
  take(audience: WalkedAudience): KeptPage {
    const [contacts, ways] = [this.#contacts, this.#ways];
    this.#contacts = [];
    this.#ways = [];
    this.#looked += contacts.length;
    return { contacts, ways, looked: this.#looked, sums: this.#tally.toForecast(audience), flowContent: audience.flowContent };
  }

  #wayOf({ steps }: Walked): number {
    const text = JSON.stringify(
      steps.map((step): KeptStep => {
        const { nodeId, visit, status, exit, reason } = step;
        return { nodeId, visit, status, exit, reason, ...(cameToNothing(step) && { toNothing: true }) };
      }),
    );
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    this.#lastWay += 1;
    this.#ways.push({ way: this.#lastWay, steps: text });
    if (this.#known.size < mostKnownWays) this.#known.set(text, this.#lastWay);
    return this.#lastWay;
  }
}
