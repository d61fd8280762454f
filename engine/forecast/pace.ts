import { setImmediate as breathe } from "node:timers/promises";
import { EngineRefusal } from "../base/refusal.ts";

/** Milliseconds of walking after which the process does something else. */
const turnMs = 20;
/** Milliseconds of walking of a forecast that somebody waits for. Two thousand contacts in a usual flow take some hundred. */
const mostWalkMs = 10_000;

/**
 * Keeps a forecast from holding the process that answers everybody. How long a walk takes is a product of contacts, rounds of the flow,
 * its tests and the data of a contact, of which each may be allowed and all together not; so the walking itself is measured.
 */
export class Pace {
  readonly #elapsed: () => number;
  readonly #signal: AbortSignal | undefined;
  readonly #mostMs: number;
  #since: number;
  #spent = 0;

  /** @param elapsed milliseconds that have passed, since whenever */
  constructor({
    signal,
    elapsed = () => performance.now(),
    mostMs = mostWalkMs,
  }: {
    signal?: AbortSignal | undefined;
    elapsed?: (() => number) | undefined;
    mostMs?: number | undefined;
  }) {
    this.#mostMs = mostMs;
    this.#signal = signal;
    this.#elapsed = elapsed;
    this.#since = elapsed();
  }

  /** Whether something else should have its turn. */
  isDue(): boolean {
    return this.#elapsed() - this.#since >= turnMs;
  }

  /** Lets something else have its turn. @throws EngineRefusal forecast_too_large; what aborted the signal */
  rest(): Promise<void> {
    return this.during(breathe);
  }

  /** Waits for something else, such as the database, which does not count as walking. @throws as `rest` */
  async during<T>(wait: () => Promise<T>): Promise<T> {
    this.#spent += this.#elapsed() - this.#since;
    this.#signal?.throwIfAborted();
    if (this.#spent > this.#mostMs) {
      const seconds = this.#mostMs / 1_000;
      throw new EngineRefusal(
        "forecast_too_large",
        `Walking these contacts through the flow takes longer than the ${seconds} seconds that a forecast may take. Choose fewer contacts, or shorten the loops and lists of the flow.`,
      );
    }
    try {
      return await wait();
    } finally {
      this.#since = this.#elapsed();
    }
  }
}
