import type { SendResult } from "#channels/channel.ts";
import type { Channel } from "#contract/messages.ts";

/**
 * Receives the numbers that an operator watches. The engine calls it once per pass and per batch, never per execution,
 * and passes no ids, names or addresses. An implementation must neither throw nor take time.
 */
export interface Meter {
  /** A pass over a portion was written. */
  pass(done: { executions: number; seconds: number }): void;
  /** A batch of calls was answered: `seconds` and `results` in the order of the messages. */
  calls(batch: { channel: Channel; provider: string; seconds: readonly number[]; results: readonly SendResult[] }): void;
  /** For each execution whose wake-up was due, by how many seconds it was taken late. */
  woken(late: readonly number[]): void;
  /** A job ended in an error and is tried again. */
  jobFailed(kind: string): void;
}

export const quietMeter: Meter = { pass: () => {}, calls: () => {}, woken: () => {}, jobFailed: () => {} };
