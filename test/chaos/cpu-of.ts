import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** The ticks per second of /proc. Every Linux that we know has 100. */
const ticksPerSecond = 100;

/**
 * How much of one core a process takes without any work, in percent. It is measured in CPU time, so other processes do
 * not disturb it.
 */
export async function idleCpuOf(pid: number, seconds: number): Promise<number> {
  const before = cpuSeconds(pid);
  const begun = performance.now();
  await sleep(seconds * 1_000);
  return ((cpuSeconds(pid) - before) / ((performance.now() - begun) / 1_000)) * 100;
}

function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The second field is the program's name and may hold spaces and brackets. The fields are therefore counted from its
  // last bracket.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
