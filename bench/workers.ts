import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import pino from "pino";
import { captureProvider } from "#channels/capture/send.ts";
import { createGraphileDriver } from "#engine/drivers/graphile.ts";
import { createEngine } from "#engine/engine.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import type { BenchDatabase } from "./cluster.ts";
import { startBenchDatabase } from "./cluster.ts";
import { clearSends, fillWorkspace } from "./fill.ts";
import { addFlow } from "./flow.ts";
import type { BenchOptions, Outcome } from "./outcome.ts";
import { atLeast } from "./outcome.ts";
import { median, perSecond, round } from "./statistics.ts";

/**
 * One worker process and two on one database, in turns. With a provider that answers at once the machine's cores are the
 * limit, and a second process has nothing to win; with one that takes 20 ms a call, which is quick for a provider, the
 * limit is how many calls one process has open: with many of them the cores again, with few of them the calls.
 */
export async function measureWorkers({ quick }: BenchOptions): Promise<Outcome> {
  const cases = [
    { latencyMs: 0, callsAtATime: 64, contacts: quick ? 200 : 50_000 },
    { latencyMs: 20, callsAtATime: 64, contacts: quick ? 100 : 20_000 },
    { latencyMs: 50, callsAtATime: 16, contacts: quick ? 100 : 3_000 },
  ];
  const turns = quick ? 1 : 3;
  const bench = await startBenchDatabase();
  try {
    const figures: Case[] = [];
    for (const { latencyMs, callsAtATime, contacts } of cases) {
      const workspaceId = await fillWorkspace(bench.db, contacts);
      const target = { workspaceId, flowId: await addFlow(bench.db, workspaceId), contacts, latencyMs, callsAtATime };
      // Once without counting: files are grown, and the flow has its version.
      if (!quick) await run(bench, target, 1);
      const one: number[] = [];
      const two: number[] = [];
      for (let turn = 0; turn < turns; turn += 1) {
        one.push(await run(bench, target, 1));
        two.push(await run(bench, target, 2));
      }
      const ratio = median(one.map((ms, turn) => ms / (two[turn] ?? Number.NaN)));
      const rate = (times: number[]) => perSecond(contacts, median(times));
      figures.push({ latencyMs, contacts, onePerSecond: rate(one), twoPerSecond: rate(two), ratio: round(ratio), one, two });
    }
    // On two cores Postgres and one worker take all there is; then a second worker must not cost anything, which within the
    // spread of the turns is 0.95.
    const expected = cpus().length > 3 ? 1.6 : 0.95;
    const ratioAt = (latencyMs: number) => figures.find((one) => one.latencyMs === latencyMs)?.ratio ?? Number.NaN;
    return {
      figures: { turns, cases: figures },
      goals: [
        atLeast("two workers against one, where 16 calls of 50 ms at a time are the limit", ratioAt(50), 1.8, "×"),
        atLeast(`two workers against one, provider of 20 ms, on ${cpus().length} cores`, ratioAt(20), expected, "×"),
        atLeast(`two workers against one, provider of 0 ms, on ${cpus().length} cores`, ratioAt(0), expected, "×"),
      ],
      notes: [
        "From createSend to the last execution ended; start, SMS, condition, e-mail, end. The send is made by the process of the bench, which does no work of it.",
        "The providers of 0 and 20 ms take up to 64 calls at a time from one process, as the capture channel does; that of 50 ms takes 16.",
        "Ratio: median of the turns' ratios.",
      ],
    };
  } finally {
    await bench.stop();
  }
}

interface Case {
  latencyMs: number;
  contacts: number;
  onePerSecond: number;
  twoPerSecond: number;
  ratio: number;
  one: number[];
  two: number[];
}

interface Target {
  workspaceId: string;
  flowId: string;
  contacts: number;
  latencyMs: number;
  callsAtATime: number;
}

async function run(bench: BenchDatabase, target: Target, workers: number): Promise<number> {
  await clearSends(bench.db);
  const children = await Promise.all(Array.from({ length: workers }, () => startWorker(bench.url, target)));
  try {
    return await sendAndWait(bench, target);
  } finally {
    await Promise.all(children.map(stopWorker));
  }
}

async function startWorker(url: string, { latencyMs, callsAtATime }: Target): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "worker-process.ts"), url, String(latencyMs), String(callsAtATime)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit").then(() => Promise.reject(new Error("A worker ended before it was ready.")));
  await Promise.race([once(child.stdout, "data"), ended]);
  ended.catch(() => {});
  return child;
}

async function stopWorker(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

/** By an engine that is never started: it accepts, and leaves the work to the workers. */
async function sendAndWait({ db, url }: BenchDatabase, { workspaceId, flowId, contacts }: Target): Promise<number> {
  const log = pino({ level: "error" });
  const driver = createGraphileDriver({ connectionString: url, log });
  const engine = createEngine({ db, nodes: nodeRegistry, providerFor: async (_, channel) => captureProvider(channel), driver, log });
  const begun = performance.now();
  const { sendId } = await engine.createSend({
    workspaceId,
    flowId,
    source: "api",
    isTest: false,
    launchedBy: null,
    launchedByName: "bench",
    selection: { type: "filter", filter: { tests: [] }, excluded: [] },
  });
  for (;;) {
    const { rows } = await sql<{ state: string; completed: number }>`
      select state, completed from flow_sends where id = ${sendId}::uuid`.execute(db);
    if (rows[0]?.state === "done") {
      if (rows[0].completed !== contacts) throw new Error(`${rows[0].completed} of ${contacts} executions completed`);
      return performance.now() - begun;
    }
    await sleep(20);
  }
}
