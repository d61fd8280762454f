import { setTimeout as sleep } from "node:timers/promises";
import { named } from "#engine/base/hold-watch.ts";
import { startWatchdog } from "#server/process/watchdog.ts";

// A process under the watchdog, for its test. It does one thing, says "through" if nothing stopped it, and ends.

const [act, databaseUrl, executionId] = process.argv.slice(2) as [string, string, string];
const limitMs = 1_000;

/** Computes without a turn of the event loop, for so many milliseconds of the processor: a machine that is busy makes it no shorter. */
function compute(ms: number): void {
  const begun = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(begun);
    if ((user + system) / 1_000 > ms) return;
  }
}

const acts: Record<string, () => unknown> = {
  "holds by an execution": () => named(executionId, () => compute(60_000)),
  "holds by nothing that has a name": () => {
    named(executionId, () => {});
    compute(60_000);
  },
  "computes and turns": async () => {
    for (let turn = 0; turn < 16; turn += 1) {
      named(executionId, () => compute(limitMs / 4));
      await sleep(300);
    }
  },
  "waits without a turn": () => named(executionId, () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, limitMs * 5)),
};

const watchdog = startWatchdog({ databaseUrl, limitMs });
// The thread has to have begun to look.
await sleep(1_500);
await acts[act]?.();
await watchdog.stop();
process.stdout.write("through");
