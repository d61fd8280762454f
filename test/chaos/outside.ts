import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Channel } from "#contract/messages.ts";
import type { TwilioAccount } from "../twilio-provider.ts";
import type { SmsFault } from "./sms-service.ts";

/** A message that has arrived outside, whatever answer was given. */
export interface Arrival {
  /** Our id of the message, which was sent with it. */
  id: string;
  channel: Channel;
  to: string;
  /** Milliseconds since 1970. */
  at: number;
}

export interface Record {
  arrived: Arrival[];
  /** Calls that were refused before the message was accepted. */
  refused: Arrival[];
  /**
   * Arrivals under a key that arrived before. A provider that supports keys would have recognised them as repetitions.
   */
  repeatedKeys: number;
}

/** How the outside world behaves from now on. */
export interface Behaviour {
  /** Milliseconds until an answer: from, to. */
  latency: readonly [number, number];
  /** The shares of calls that meet a fault, on the channel that has it. */
  faults: Partial<{ [fault in SmsFault]: number }>;
  retryAfterSeconds: number;
  /** Accepts messages and holds the answers back, on both channels. */
  hold: boolean;
}

export interface Counts {
  arrived: number;
  refused: number;
}

export type ToOutside = { kind: "behave"; behaviour: Behaviour } | { kind: "ask" } | { kind: "ask for counts" };
export type FromOutside =
  | { kind: "ready"; smtpPort: number; smsUrl: string; twilio: TwilioAccount | undefined }
  | { kind: "record"; record: Record }
  | { kind: "counts"; counts: Counts }
  | { kind: "held" };

export const calm: Behaviour = { latency: [2, 8], faults: {}, retryAfterSeconds: 5, hold: false };

export interface Outside {
  smtpPort: number;
  smsUrl: string;
  /** A Twilio, where the test asked for one. */
  twilio: TwilioAccount | undefined;
  behave(behaviour: Partial<Behaviour>): void;
  /** Resolves when a message has been accepted whose answer is held back. */
  held(): Promise<void>;
  record(): Promise<Record>;
  /** Only the counts, for callers that ask again and again. */
  count(): Promise<Counts>;
  stop(): Promise<void>;
}

/** Starts the outside world in a process of its own: an SMTP server and an SMS provider that count what arrives. */
export async function startOutside(
  seed: number,
  behaviour: Partial<Behaviour> = {},
  { withTwilio = false }: { withTwilio?: boolean } = {},
): Promise<Outside> {
  const child: ChildProcess = fork(join(import.meta.dirname, "outside-process.ts"), [String(seed), ...(withTwilio ? ["twilio"] : [])]);
  const tell = (message: ToOutside) => void child.send(message);
  const hear = <K extends FromOutside["kind"]>(kind: K) =>
    new Promise<Extract<FromOutside, { kind: K }>>((resolve) => {
      const listen = (message: FromOutside) => {
        if (message.kind !== kind) return;
        child.off("message", listen);
        resolve(message as Extract<FromOutside, { kind: K }>);
      };
      child.on("message", listen);
    });
  // Without a listener Node keeps messages for the next listener. That listener would then get a record that was asked
  // for seconds ago and lacks the arrivals since.
  child.on("message", () => {});
  const { smtpPort, smsUrl, twilio } = await hear("ready");
  tell({ kind: "behave", behaviour: { ...calm, ...behaviour } });
  return {
    smtpPort,
    smsUrl,
    twilio,
    behave: (next) => tell({ kind: "behave", behaviour: { ...calm, ...next } }),
    held: async () => void (await hear("held")),
    async record() {
      const answer = hear("record");
      tell({ kind: "ask" });
      return (await answer).record;
    },
    async count() {
      const answer = hear("counts");
      tell({ kind: "ask for counts" });
      return (await answer).counts;
    },
    async stop() {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}
