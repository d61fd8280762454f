import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { BreakPoint } from "#engine/base/break-point.ts";
import type { TwilioAccount } from "../twilio-provider.ts";

export interface WorkerPlan {
  databaseUrl: string;
  smtpPort: number;
  smsUrl: string;
  /** SMS leave by the product's provider for Twilio instead, which reports to this address. */
  twilio?: TwilioAccount & { reportsTo: string };
  /** Calls at a time per provider. */
  inFlight: number;
  /** Jobs at a time. */
  jobs: number;
  /** The worker kills itself the first time that it passes this point. */
  killAt?: BreakPoint;
}

export type ToWorker = { kind: "begin" };
export type FromWorker = { kind: "ready" } | { kind: "working" };

export interface Worker {
  pid: number;
  /** Lets the worker begin. Until then it is only loaded. */
  begin(): Promise<void>;
  /** Kills with SIGKILL and waits until the worker is gone. */
  kill(): Promise<void>;
  /** How the worker ended, once it has. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  isAlive(): boolean;
  /** The text of its log. */
  said(): string;
}

/** Loads a worker in a process of its own; `begin` lets it work. */
export async function loadWorker(plan: WorkerPlan): Promise<Worker> {
  const child: ChildProcess = fork(join(import.meta.dirname, "worker-process.ts"), [JSON.stringify(plan)], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let said = "";
  child.stderr?.on("data", (text: Buffer) => {
    said = `${said}${text}`.slice(-50_000);
  });
  const ended = once(child, "exit").then(([code, signal]) => ({ code, signal }));
  const hear = async (kind: FromWorker["kind"]) => {
    const heard = new Promise<void>((resolve) => {
      child.on("message", (message: FromWorker) => {
        if (message.kind === kind) resolve();
      });
    });
    // A worker that kills itself while it starts sends no further message.
    const end = await Promise.race([heard, ended]);
    if (end && end.signal !== "SIGKILL") throw new Error(`A worker ended with code ${end.code} before it was ${kind}: ${said}`);
  };
  await hear("ready");
  return {
    pid: child.pid as number,
    async begin() {
      child.send({ kind: "begin" } satisfies ToWorker);
      await hear("working");
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    ended,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    said: () => said,
  };
}
