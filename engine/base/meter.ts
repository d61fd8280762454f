import type { SendResult } from "#channels/channel.ts";
import type { Channel } from "#contract/messages.ts";

/**
 * What an operator counts of the engine. Told once per pass and per batch, never per execution; what is told carries no
 * ids, names or addresses. It must neither throw nor take time.
 */
export interface Meter {
  /** A pass over a portion has been written. */
  pass(done: { executions: number; seconds: number }): void;
  /** A batch of calls was answered: `seconds` and `results` in the order of the messages. */
  calls(batch: { channel: Channel; provider: string; seconds: readonly number[]; results: readonly SendResult[] }): void;
  /** By how many seconds executions were late that had slept until a time. */
  woken(late: readonly number[]): void;
  /** A job ended in an error and is tried again. */
  jobFailed(kind: string): void;
}

export const quietMeter: Meter = { pass: () => {}, calls: () => {}, woken: () => {}, jobFailed: () => {} };
