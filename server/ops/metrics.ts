import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { SendResult } from "#channels/channel.ts";
import { alertCodes } from "#contract/queue.ts";
import type { PoolCounts } from "#db/client.ts";
import type { InstanceState } from "#db/queries/instance-state.ts";
import type { Meter } from "#engine/base/meter.ts";
import type { MetricValues } from "../process/worker-orders.ts";

/** Everything that this process counts, for Prometheus. No label names a workspace, a person or an address. */
export interface Metrics {
  contentType: string;
  text(): Promise<string>;
  /** The same as values, for another process that serves them. */
  values(): Promise<MetricValues>;
  /** Adds the metrics of a process beside this one. Those without an answer are left out. */
  add(source: () => Promise<MetricValues | undefined>): void;
  /** The engine counts with this meter. */
  meter: Meter;
  /** Counts an answered request. `route` is its pattern, never its address. */
  request(done: { method: string; route: string; status: number; seconds: number }): void;
  /** Takes over the state of the whole instance, which every process reads. */
  instance(state: InstanceState): void;
  /** Adds a connection pool. Its counts are read whenever the metrics are read. */
  pool(name: string, counts: () => PoolCounts): void;
}

const fast = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  // CPU, memory, garbage collection and event loop lag.
  collectDefaultMetrics({ register: registry });

  const advanced = new Counter({ name: "sluice_executions_advanced_total", help: "Executions that a pass moved on", registers });
  const passes = new Histogram({ name: "sluice_chunk_seconds", help: "How long a pass over a chunk took", buckets: fast, registers });
  const messages = new Counter({
    name: "sluice_messages_total",
    help: "Messages by what came of handing them to a provider: accepted, rejected, put_off (nothing was sent, tried again later), unknown",
    labelNames: ["channel", "outcome"],
    registers,
  });
  const calls = new Histogram({
    name: "sluice_provider_call_seconds",
    help: "How long a provider took to answer",
    labelNames: ["channel", "provider"],
    buckets: fast,
    registers,
  });
  const lateness = new Histogram({
    name: "sluice_timer_lateness_seconds",
    help: "How late executions began that were due at a time",
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600],
    registers,
  });
  const failures = new Counter({
    name: "sluice_job_failures_total",
    help: "Jobs that ended in an error and are tried again",
    labelNames: ["kind"],
    registers,
  });
  const requests = new Histogram({
    name: "sluice_http_request_seconds",
    help: "Requests by route and status, until the last byte of the answer",
    labelNames: ["method", "route", "status"],
    buckets: fast,
    registers,
  });
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const jobs = new Gauge({
    name: "sluice_jobs",
    help: "Jobs of the queue: ready, running, delayed, and failing (ended in an error at least once)",
    labelNames: ["state"],
    registers,
  });
  const workers = gauge("sluice_workers", "Workers of this instance that are alive");
  const openSends = gauge("sluice_open_sends", "Sends that are not over");
  const turns = gauge("sluice_turns", "Chunks of work that workers have claimed");
  const oldest = gauge("sluice_oldest_due_seconds", "How long the oldest due work has been due");
  const unknown = gauge("sluice_unknown_messages", "Messages of the last hour that may or may not have arrived");
  const alerts = new Gauge({ name: "sluice_alerts", help: "Alerts that are on", labelNames: ["code"], registers });
  const sources: (() => Promise<MetricValues | undefined>)[] = [];
  const pools = new Map<string, () => PoolCounts>();
  new Gauge({
    name: "sluice_db_connections",
    help: "Database connections of this process; waiting: callers without one",
    labelNames: ["pool", "state"],
    registers,
    collect() {
      for (const [pool, counts] of pools) {
        const { total, idle, waiting } = counts();
        this.set({ pool, state: "busy" }, total - idle);
        this.set({ pool, state: "idle" }, idle);
        this.set({ pool, state: "waiting" }, waiting);
      }
    },
  });

  return {
    contentType: registry.contentType,
    text: async () => {
      const others = (await Promise.all(sources.map((source) => source()))).filter((values) => values !== undefined);
      if (others.length === 0) return registry.metrics();
      return AggregatorRegistry.aggregate([await registry.getMetricsAsJSON(), ...others]).metrics();
    },
    values: () => registry.getMetricsAsJSON() as Promise<MetricValues>,
    add: (source) => void sources.push(source),
    meter: {
      pass: ({ executions, seconds }) => {
        advanced.inc(executions);
        passes.observe(seconds);
      },
      calls: ({ channel, provider, seconds, results }) => {
        for (const took of seconds) calls.observe({ channel, provider }, took);
        for (const [outcome, all] of Map.groupBy(results, outcomeOf)) messages.inc({ channel, outcome }, all.length);
      },
      woken: (late) => {
        for (const seconds of late) lateness.observe(Math.max(0, seconds));
      },
      jobFailed: (kind) => failures.inc({ kind }),
    },
    request: ({ method, route, status, seconds }) => {
      // A client can send any method. An unknown one must not create a new time series.
      requests.observe({ method: methods.has(method) ? method : "other", route, status: String(status) }, seconds);
    },
    instance: (state) => {
      for (const [name, count] of Object.entries(state.jobs)) jobs.set({ state: name }, count);
      workers.set(state.workers);
      openSends.set(state.openSends);
      turns.set(state.turns);
      oldest.set(state.oldestDueSeconds);
      unknown.set(state.unknownLastHour);
      for (const code of alertCodes) alerts.set({ code }, state.alerts[code] ?? 0);
    },
    pool: (name, counts) => void pools.set(name, counts),
  };
}

const outcomeOf = (result: SendResult) => (result.outcome === "rejected" && result.retryable ? "put_off" : result.outcome);
