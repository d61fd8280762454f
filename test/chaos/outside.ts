import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Channel } from "#contract/messages.ts";
import type { SmsFault } from "./sms-service.ts";

/** A message that is in the hands of the world, whatever anybody was told about it. */
export interface Arrival {
  /** Our id of the message, as it travelled with it. */
  id: string;
  channel: Channel;
  to: string;
  /** Milliseconds since 1970. */
  at: number;
}

export interface Record {
  arrived: Arrival[];
  /** Calls that were turned away before the message was taken. */
  refused: Arrival[];
  /** What a provider that takes keys would have recognised as a repetition: arrivals under a key it knew. */
  repeatedKeys: number;
}

/** How the world behaves from now on. */
export interface Behaviour {
  /** Milliseconds until an answer: from, to. */
  latency: readonly [number, number];
  /** Shares of the calls that meet a fault, on the channel that has them. */
  faults: Partial<{ [fault in SmsFault]: number }>;
  retryAfterSeconds: number;
  /** Take what comes and say nothing, on both channels. */
  hold: boolean;
}

export interface Counts {
  arrived: number;
  refused: number;
}

export type ToOutside = { kind: "behave"; behaviour: Behaviour } | { kind: "ask" } | { kind: "ask for counts" };
export type FromOutside =
  | { kind: "ready"; smtpPort: number; smsUrl: string }
  | { kind: "record"; record: Record }
  | { kind: "counts"; counts: Counts }
  | { kind: "held" };

export const calm: Behaviour = { latency: [2, 8], faults: {}, retryAfterSeconds: 5, hold: false };

export interface Outside {
  smtpPort: number;
  smsUrl: string;
  behave(behaviour: Partial<Behaviour>): void;
  /** Resolves when a message has been taken whose answer is held back. */
  held(): Promise<void>;
  record(): Promise<Record>;
  /** Only how many: for who asks again and again. */
  count(): Promise<Counts>;
  stop(): Promise<void>;
}

/** The world outside, in a process of its own: an SMTP server and a provider of short messages that count what arrives. */
export async function startOutside(seed: number, behaviour: Partial<Behaviour> = {}): Promise<Outside> {
  const child: ChildProcess = fork(join(import.meta.dirname, "outside-process.ts"), [String(seed)]);
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
  // While nobody listens Node keeps what comes and gives it to the next who does: a record that somebody else had asked for
  // seconds ago, in which what arrived since is missing.
  child.on("message", () => {});
  const { smtpPort, smsUrl } = await hear("ready");
  tell({ kind: "behave", behaviour: { ...calm, ...behaviour } });
  return {
    smtpPort,
    smsUrl,
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
