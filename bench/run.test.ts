import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

// The size that a change is checked with: whether the bench still runs and adds up, not how fast the machine is.
test("the bench runs to its end in a small size and writes what it found", async () => {
  const out = mkdtempSync(join(tmpdir(), "sluice-bench-test-"));
  try {
    const script = join(import.meta.dirname, "run.ts");
    await promisify(execFile)(process.execPath, [script, "--quick", "--contacts", "1000", "--out", out]);
    const result = JSON.parse(readFileSync(join(out, "engine-quick.json"), "utf8"));
    expect(result).toMatchObject({ contacts: 1_000, rounds: 1, machine: { cores: expect.any(Number), commit: expect.any(String) } });
    for (const figure of [
      "executionsPerSecond",
      "floorPerSecond",
      "stepJobsPerSecond",
      "shareOfFloor",
      "timesStepJobs",
      "answeredMs",
      "enrolledMs",
    ]) {
      expect(result[figure], figure).toBeGreaterThan(0);
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}, 180_000);
