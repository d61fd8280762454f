import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import { startProduct } from "#test/product-process.ts";
import type { BenchDatabase } from "./cluster.ts";
import { startBenchDatabase } from "./cluster.ts";
import type { BenchOptions, Outcome } from "./outcome.ts";
import { below, exactly } from "./outcome.ts";
import { observe } from "./process-costs.ts";
import { openSleepers } from "./seed-sleepers.ts";
import { fullSizes, quickSizes } from "./sizes.ts";
import { median, round } from "./statistics.ts";

/** A worker on a database without waiting executions and one on a database with a million of them, in turns. */
export async function measureSleepers({ quick }: BenchOptions): Promise<Outcome> {
  const { sleepers } = quick ? quickSizes : fullSizes;
  const turns = quick ? 1 : 3;
  const seconds = quick ? 1 : 15;
  const asleep = await openSleepers(sleepers);
  try {
    const empty = await startBenchDatabase();
    try {
      const idle: Look[] = [];
      const among: Look[] = [];
      for (let turn = 0; turn < turns; turn += 1) {
        idle.push(await look(empty, seconds));
        among.push(await look(asleep, seconds));
      }
      const { rows } = await sql<{ count: number }>`select count(*)::int as count from wake_ups`.execute(asleep.db);
      return report({ sleepers, found: rows[0]?.count ?? 0, idle, among, sizes: await readSizes(asleep.db, sleepers) });
    } finally {
      await empty.stop();
    }
  } finally {
    await asleep.stop();
  }
}

type Look = Awaited<ReturnType<typeof look>>;

async function look({ url, db }: BenchDatabase, seconds: number) {
  const begun = performance.now();
  const worker = await startProduct(url, ["--role=worker", "--metrics-port=0"]);
  const readyMs = performance.now() - begun;
  try {
    // By now the costs of a start are over, such as compiling and the first looks.
    await sleep(seconds * 500);
    return { readyMs, ...(await observe(db, worker.ready.opsUrl ?? "", seconds)) };
  } finally {
    await worker.end();
  }
}

async function readSizes(db: Db, sleepers: number) {
  const { rows } = await sql<{ table: string; bytes: number; indexBytes: number; totalPerSleeper: number }>`
    select c.relname as table, pg_table_size(c.oid)::float8 as bytes, pg_indexes_size(c.oid)::float8 as "indexBytes",
      round(pg_total_relation_size(c.oid)::numeric / ${sleepers}::int)::float8 as "totalPerSleeper"
    from pg_class c where c.relkind = 'r' and c.relname = any(array['wake_ups', 'flow_executions', 'flow_execution_steps'])`.execute(db);
  return rows;
}

function report(found: {
  sleepers: number;
  found: number;
  idle: Look[];
  among: Look[];
  sizes: Awaited<ReturnType<typeof readSizes>>;
}): Outcome {
  const of = (looks: Look[], pick: (look: Look) => number) => round(median(looks.map(pick)));
  const summary = (looks: Look[]) => ({
    memoryMb: of(looks, (one) => one.memoryMb),
    cpuPercent: of(looks, (one) => one.cpuPercent),
    postgresCpuPercent: of(looks, (one) => one.postgresCpuPercent ?? Number.NaN),
    readyMs: of(looks, (one) => one.readyMs),
  });
  const [idle, among] = [summary(found.idle), summary(found.among)];
  return {
    figures: { sleepers: found.sleepers, idle, among, sizes: found.sizes, looks: { idle: found.idle, among: found.among } },
    goals: [
      exactly("still asleep at the end", found.found, found.sleepers),
      below("memory of the worker above one where nobody sleeps", among.memoryMb - idle.memoryMb, 50, "MB"),
      below("CPU of the worker at rest", among.cpuPercent, 3, "% of a core"),
      below("from starting the process to ready", among.readyMs, 5_000, "ms"),
    ],
    notes: [
      "A worker in a process of its own (--role=worker), memory and CPU by its /metrics; in turns with a database in which nobody sleeps.",
      "Postgres' own CPU stands beside it: looking for what is due four times a second, heartbeats, jobs, alerts.",
    ],
  };
}
