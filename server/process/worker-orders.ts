import type { MetricObjectWithValues, MetricValue } from "prom-client";

/** What a worker in a process of its own needs and cannot find out by itself. */
export interface WorkerSettings {
  workUrl: string;
  masterKey: Uint8Array;
  previousMasterKeys: readonly Uint8Array[];
  /** Whether SMTP hosts and webhooks may be on this machine and in its networks. The web server knows where it listens. */
  allowPrivateHosts: boolean;
  /** The address at which providers reach the web server. */
  publicUrl: string;
  withMetrics: boolean;
}

/** The metrics of a process, as its registry gives them. */
export type MetricValues = MetricObjectWithValues<MetricValue<string>>[];

/** What the web server's process says to the worker. */
export type ToWorker = { kind: "start"; settings: WorkerSettings } | { kind: "stop" } | { kind: "metrics"; id: number };

/** What the worker says. */
export type FromWorker =
  | { kind: "started" }
  | { kind: "failed"; text: string; isForPeople: boolean }
  /** Comes every second, as long as its event loop turns. */
  | { kind: "pulse"; isWorking: boolean }
  | { kind: "metrics"; id: number; values: MetricValues };
