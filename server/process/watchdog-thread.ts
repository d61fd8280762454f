import { writeSync } from "node:fs";
import { workerData } from "node:worker_threads";
import { place, type WatchdogData } from "./watchdog-memory.ts";

// The thread of the watchdog. It shares nothing with the thread that it watches but a few bytes of memory.

const { shared, databaseUrl, limitMs } = workerData as WatchdogData;
const numbers = new Int32Array(shared, 0, place.id);
const lookEveryMs = 250;
/** The part of the limit that the process must have computed. One that waits for a loaded machine is held by nothing of ours. */
const leastShareOfCpu = 0.5;
/** The database may be what is wrong. The process is stopped all the same. */
const databaseWithinMs = 2_000;

let beat = -1;
let silentLooks = 0;
let cpu = process.cpuUsage();
let isStopping = false;

setInterval(() => {
  const now = Atomics.load(numbers, place.beat);
  if (now !== beat) {
    beat = now;
    silentLooks = 0;
    cpu = process.cpuUsage();
    return;
  }
  // Looks are counted instead of time, because a process that was stopped and goes on has lost none of them.
  silentLooks += 1;
  const silentMs = silentLooks * lookEveryMs;
  const { user, system } = process.cpuUsage(cpu);
  if (isStopping || silentMs < limitMs || (user + system) / 1_000 < limitMs * leastShareOfCpu) return;
  isStopping = true;
  void stopProcess(silentMs);
}, lookEveryMs);

async function stopProcess(heldMs: number): Promise<void> {
  const length = Atomics.load(numbers, place.length);
  const executionId = length === 0 ? undefined : Buffer.from(new Uint8Array(shared, place.id * 4, length)).toString("latin1");
  say({ executionId, heldMs }, "the worker was held for too long and is stopped");
  if (executionId !== undefined) {
    const late = new Promise((resolve) => setTimeout(resolve, databaseWithinMs));
    await Promise.race([
      late,
      record(executionId, heldMs).catch((error: Error) => say({ reason: error.message }, "it could not be recorded")),
    ]);
  }
  process.kill(process.pid, "SIGKILL");
}

async function record(executionId: string, heldMs: number): Promise<void> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: "sluice watchdog",
    connectionTimeoutMillis: databaseWithinMs,
  });
  await client.connect();
  await client.query(
    "insert into private.held_executions (flow_execution_id, held_ms) values ($1, $2) on conflict (flow_execution_id) do update set held_ms = excluded.held_ms",
    [executionId, heldMs],
  );
  await client.end();
}

/** The log of the process belongs to the thread that is held, so the line is written past it, in the same form. */
function say(facts: Record<string, unknown>, msg: string): void {
  writeSync(2, `${JSON.stringify({ level: 50, time: new Date().toISOString(), ...facts, msg })}\n`);
}
