import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import pino from "pino";
import type { Send } from "#contract/sends.ts";
import type { Db } from "#db/client.ts";
import { findSend } from "#db/queries/sends.ts";
import { createGraphileDriver } from "#engine/drivers/graphile.ts";
import { createEngine } from "#engine/engine.ts";
import type { HttpAnswer } from "#engine/flow/node-executor.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { startBenchDatabase } from "../cluster.ts";
import { markCpu } from "../process-costs.ts";
import { type SlowProvider, slowProvider } from "../slow-provider.ts";
import { markVolume, type Volume } from "../volume.ts";
import { invent } from "./invent.ts";
import type { StoredFlow } from "./stored-flow.ts";

export interface RehearsalOptions {
  contacts: number;
  /** A call of a provider or of a webhook takes so many milliseconds. */
  providerMs: number;
  /** Calls that a channel takes at a time. */
  callsAtATime: number;
  anyHour: boolean;
}

/** Those who wait for a moment to come, at one step. */
export interface Waiting {
  flowName: string;
  nodeId: string;
  /** The kind of wait, as flow_executions.waiting_for has it. */
  what: string;
  people: number;
  from: Date;
  to: Date;
}

export interface Rehearsed {
  options: RehearsalOptions;
  send: Send;
  /** Milliseconds from the press until everybody was enrolled, until the first message had left, and until nothing was left to do now. */
  enrolledMs: number | null;
  firstMessageMs: number | null;
  lastMessageMs: number | null;
  endedMs: number;
  /** The messages of this send and of those that its flow started. */
  messages: { sms: number; email: number };
  waiting: Waiting[];
  /** Share of the time in which all cores, or all calls of a channel, were busy: 0 to 1. Null where it is not known. */
  busy: { cores: number | null; sms: number; email: number };
  volume: Volume;
}

/** The rehearsal tells who waits longer than this, and does not wait for them. */
const patienceMs = 60_000;

/**
 * Runs a stored flow for invented people in a database that is thrown away. The engine and the database are those of the product
 * with all its checks. Providers and webhooks take the stated time and reach nobody.
 */
export async function rehearse(stored: StoredFlow, options: RehearsalOptions, say: (line: string) => void): Promise<Rehearsed> {
  const bench = await startBenchDatabase();
  try {
    say(`Inventing ${options.contacts} contacts`);
    await invent(bench.db, stored, options);
    return await runSend(bench, stored, options, say);
  } finally {
    await bench.stop();
  }
}

async function runSend(
  { db, url }: { db: Db; url: string },
  { flowId, workspace: { id: workspaceId } }: StoredFlow,
  options: RehearsalOptions,
  say: (line: string) => void,
): Promise<Rehearsed> {
  const log = pino({ level: "error" }, pino.destination(2));
  const pace = { latencyMs: options.providerMs, callsAtATime: options.callsAtATime };
  const providers = { sms: slowProvider("sms", pace), email: slowProvider("email", pace) };
  const driver = createGraphileDriver({ connectionString: url, log });
  const callWebhook = async (): Promise<HttpAnswer> => {
    await sleep(options.providerMs);
    return { outcome: "answered", status: 200, excerpt: "", fields: {}, retryAfterMs: undefined, durationMs: options.providerMs };
  };
  const providerFor = async (_: string, channel: keyof typeof providers) => providers[channel];
  const engine = createEngine({ db, nodes: nodeRegistry, providerFor, callWebhook, driver, log });
  await engine.start();
  try {
    const readVolume = await markVolume(db);
    const readCpu = await markCpu(db);
    const begun = performance.now();
    const { sendId } = await engine.createSend({
      workspaceId,
      flowId,
      source: "api",
      isTest: false,
      launchedBy: null,
      launchedByName: "rehearsal",
      selection: { type: "filter", filter: { tests: [] }, excluded: [] },
    });
    const watched = await watch(db, { workspaceId, sendId, begun, say });
    const cpu = readCpu();
    const cores =
      cpu.postgresMicros === null ? null : (cpu.processMicros + cpu.postgresMicros) / 1_000 / watched.endedMs / availableParallelism();
    const taken = (provider: SlowProvider) => provider.busyMs() / watched.endedMs / options.callsAtATime;
    return {
      options,
      ...watched,
      waiting: await readWaiting(db),
      busy: { cores, sms: taken(providers.sms), email: taken(providers.email) },
      volume: await readVolume(),
    };
  } finally {
    await engine.stop();
  }
}

type Watched = Pick<Rehearsed, "send" | "messages" | "enrolledMs" | "firstMessageMs" | "lastMessageMs" | "endedMs">;

/** Looks until everything has ended, or waits for a moment that is further away than is worth waiting for. */
async function watch(
  db: Db,
  { workspaceId, sendId, begun, say }: { workspaceId: string; sendId: string; begun: number; say: (line: string) => void },
): Promise<Watched> {
  const times: Pick<Watched, "enrolledMs" | "firstMessageMs" | "lastMessageMs"> = {
    enrolledMs: null,
    firstMessageMs: null,
    lastMessageMs: null,
  };
  let before: State | undefined;
  let moved = begun;
  let said = begun;
  for (;;) {
    const state = await readState(db);
    const now = performance.now();
    const sum = state.sms + state.email;
    if (state.enrolled) times.enrolledMs ??= now - begun;
    if (sum > 0) times.firstMessageMs ??= now - begun;
    if (sum > (before ? before.sms + before.email : 0)) times.lastMessageMs = now - begun;
    if (before === undefined || sum !== before.sms + before.email || state.inside !== before.inside) moved = now;
    before = state;
    if (now - said > sayEveryMs) {
      said = now;
      say(
        `${Math.round((now - begun) / 1_000)} s: ${state.sms} SMS and ${state.email} e-mails have left, ${state.inside} people are in the flow`,
      );
    }
    // Counting who waits takes time from the work, so it is done only when nothing moves.
    const isAtRest = state.enrolled && now - moved > restMs && state.inside === (await countAsleep(db));
    if (state.isOver || isAtRest) {
      const send = await findSend(db, { workspaceId, id: sendId });
      if (!send) throw new Error("The send of the rehearsal is gone.");
      return { ...times, send, messages: { sms: state.sms, email: state.email }, endedMs: moved - begun };
    }
    await sleep(lookEveryMs);
  }
}

const lookEveryMs = 50;
const sayEveryMs = 5_000;
const restMs = 1_000;

interface State {
  enrolled: boolean;
  isOver: boolean;
  sms: number;
  email: number;
  /** Executions that have not ended. */
  inside: number;
}

/** Of this send and of those that its flow has started, by their counters. */
async function readState(db: Db): Promise<State> {
  const sentOf = (channel: string) => sql<number>`(select coalesce(sum(count), 0)::int from send_message_counts
    where channel = ${channel} and outcome in ('sent', 'captured'))`;
  const { rows } = await sql<State>`select bool_and(enrolled_at is not null) as enrolled, bool_and(state = 'done') as "isOver",
    coalesce(sum(enrolled - completed - failed - partial_failure - cancelled), 0)::int as inside,
    ${sentOf("sms")} as sms, ${sentOf("email")} as email from flow_sends`.execute(db);
  if (!rows[0]) throw new Error("The send of the rehearsal is gone.");
  return rows[0];
}

async function countAsleep(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from wake_ups
    where due_at > now() + ${patienceMs}::float8 * interval '1 ms' and call is null`.execute(db);
  return rows[0]?.count ?? 0;
}

async function readWaiting(db: Db): Promise<Waiting[]> {
  const { rows } = await sql<Waiting>`select f.name as "flowName", e.current_node_id as "nodeId", coalesce(e.waiting_for, 'time') as what,
      count(*)::int as people, min(w.due_at) as "from", max(w.due_at) as "to"
    from flow_executions e join wake_ups w on w.flow_execution_id = e.id join flows f on f.workspace_id = e.workspace_id and f.id = e.flow_id
    where e.status in ('pending', 'running') group by 1, 2, 3 order by people desc`.execute(db);
  return rows;
}
