import { execFileSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";

/** The machine and version of a result. Ratios within one run can be compared, figures of two machines cannot. */
export function describeRun(): Record<string, string | number | boolean> {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8" }).trim();
  return {
    date: new Date().toISOString(),
    commit: git("rev-parse", "--short", "HEAD"),
    hasUncommittedChanges: git("status", "--porcelain", "--", "..").length > 0,
    node: process.version,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    // Above the number of cores, something else was at work and every figure is too low.
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
  };
}
