import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "#db/client.ts";

export interface ProcessCosts {
  /** The worker's memory and CPU time, by its own /metrics. */
  memoryMb: number;
  cpuPercent: number;
  /** The CPU time of all processes of Postgres together; null where there is no /proc. */
  postgresCpuPercent: number | null;
}

/** The costs of a worker at rest over some seconds, in percent of one core. */
export async function observe(db: Db, opsUrl: string, seconds: number): Promise<ProcessCosts> {
  const postmaster = await findPostmaster(db);
  const begun = performance.now();
  const before = await readMetrics(opsUrl);
  const postgresBefore = postgresSeconds(postmaster);
  await sleep(seconds * 1_000);
  const after = await readMetrics(opsUrl);
  const elapsed = (performance.now() - begun) / 1_000;
  const postgresAfter = postgresSeconds(postmaster);
  return {
    memoryMb: after.process_resident_memory_bytes / 1e6,
    cpuPercent: ((after.process_cpu_seconds_total - before.process_cpu_seconds_total) / elapsed) * 100,
    postgresCpuPercent: postgresBefore === null || postgresAfter === null ? null : ((postgresAfter - postgresBefore) / elapsed) * 100,
  };
}

const wanted = ["process_resident_memory_bytes", "process_cpu_seconds_total"] as const;

async function readMetrics(opsUrl: string): Promise<Record<(typeof wanted)[number], number>> {
  const text = await (await fetch(`${opsUrl}/metrics`)).text();
  const values = wanted.map((name) => {
    const value = new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1];
    if (value === undefined) throw new Error(`The worker's metrics have no ${name}.`);
    return [name, Number(value)];
  });
  return Object.fromEntries(values);
}

/** The process id of the postmaster; null where it runs elsewhere. */
export async function findPostmaster(db: Db): Promise<number | null> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
  return readStat(rows[0]?.pid ?? 0)?.parent ?? null;
}

/** CPU seconds of the postmaster, its children, and those of its children that have ended. */
export function postgresSeconds(postmaster: number | null): number | null {
  if (postmaster === null) return null;
  const own = readStat(postmaster);
  if (!own) return null;
  const children = readdirSync("/proc").flatMap((entry) => {
    const stat = /^\d+$/.test(entry) ? readStat(Number(entry)) : undefined;
    return stat?.parent === postmaster ? [stat.ticks] : [];
  });
  return children.reduce((sum, ticks) => sum + ticks, own.ticks + own.ticksOfEnded) / ticksPerSecond;
}

const ticksPerSecond = 100;

function readStat(pid: number): { parent: number; ticks: number; ticksOfEnded: number } | undefined {
  try {
    // The name in parentheses may hold spaces; what comes after it does not.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ").map(Number) ?? [];
    const field = (place: number) => fields[place] ?? 0;
    return { parent: field(1), ticks: field(11) + field(12), ticksOfEnded: field(13) + field(14) };
  } catch {
    // It has ended in the meantime, or this system has no /proc.
    return undefined;
  }
}

/** Processor time between two moments, in microseconds. That of Postgres is null where there is no /proc. */
export interface CpuUse {
  processMicros: number;
  postgresMicros: number | null;
}

/** Begins to count the CPU time of this process and of Postgres. The answer is a function that says how much it was. Other work of the machine does not count. */
export async function markCpu(db: Db): Promise<() => CpuUse> {
  const postmaster = await findPostmaster(db);
  const postgresBefore = postgresSeconds(postmaster);
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    const postgresAfter = postgresSeconds(postmaster);
    const isCounted = postgresBefore !== null && postgresAfter !== null;
    return { processMicros: user + system, postgresMicros: isCounted ? (postgresAfter - postgresBefore) * 1e6 : null };
  };
}
