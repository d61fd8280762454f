import { setTimeout as sleep } from "node:timers/promises";
import { type SmtpSink, startSmtpSink } from "#test/smtp-sink.ts";

export interface Arrivals {
  sink: SmtpSink;
  /** Starts to wait for the next e-mail to this address. It throws after a minute. */
  next(address: string): Promise<void>;
  /** How many arrived, and when the last of them did, by `performance.now()`. */
  count(): { arrived: number; lastAt: number };
}

/** A real SMTP server that tells when an e-mail has arrived at an address. */
export async function startArrivals(): Promise<Arrivals> {
  const waiting = new Map<string, () => void>();
  let arrived = 0;
  let lastAt = Number.NaN;
  const sink = await startSmtpSink({
    onMessage: ({ to: [address = ""] }) => {
      arrived += 1;
      lastAt = performance.now();
      waiting.get(address)?.();
      waiting.delete(address);
      return undefined;
    },
  });
  return {
    sink,
    next: async (address) => {
      const arrival = new Promise<void>((resolve) => void waiting.set(address, resolve));
      const timeout = sleep(60_000, "late" as const, { ref: false });
      if ((await Promise.race([arrival, timeout])) === "late") throw new Error("A single send had not arrived after a minute.");
    },
    count: () => ({ arrived, lastAt }),
  };
}
