import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** When a process began, in the form that this system tells; undefined if there is no such process. */
export function processBirth(pid: number): string | undefined {
  if (process.platform !== "linux") {
    const { status, stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
    return status === 0 ? stdout.trim() : undefined;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name and may hold spaces and brackets. The fields are therefore counted from
    // its last bracket.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state] = fields;
    const ticksSinceBoot = fields[19];
    // A zombie has ended. It only waits for its parent to read its exit code.
    if (state === "Z" || state === "X") return undefined;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${ticksSinceBoot}`;
  } catch {
    return undefined;
  }
}
