import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const script = join(import.meta.dirname, "run.ts");
const run = promisify(execFile);
/** Benches that use the same database of bench/.cache run one after the other. The two rows run at the same time. */
const rows = [
  ["throughput", "enroll", "fairness", "trigger", "gate", "indexes", "bulk", "forecast"],
  ["sleepers", "wake", "workers", "pages", "searches", "inbox"],
];
const names = rows.flat();

// The size that a change is checked with: whether the benches still run and add up, not how fast the machine is.
describe("the benches in a small size", () => {
  let out: string;
  beforeAll(async () => {
    out = mkdtempSync(join(tmpdir(), "sluice-bench-test-"));
    await Promise.all(rows.map((row) => run(process.execPath, [script, ...row, "--quick", "--out", out])));
  }, 600_000);
  afterAll(() => rmSync(out, { recursive: true, force: true }));
  const resultOf = (name: string) => JSON.parse(readFileSync(join(out, `${name}-quick.json`), "utf8"));

  test.each(names)("%s runs to its end, says where, and judges every goal by its own figure", (name) => {
    const { goals, notes, machine } = resultOf(name);
    expect(machine).toMatchObject({ cores: expect.any(Number), commit: expect.any(String) });
    expect(goals.length).toBeGreaterThan(0);
    expect(notes.length).toBeGreaterThan(0);
    for (const goal of goals) {
      expect(goal, name).toMatchObject({ what: expect.any(String), measured: expect.any(Number), met: expect.any(Boolean) });
    }
  });

  test("what is counted comes out exactly, whatever the machine", () => {
    const exact = names.flatMap((name) =>
      // How many took too long depends on the machine.
      resultOf(name).goals.filter(({ goal, what }: Goal) => goal.startsWith("= ") && !/^(queries|searches|counts) /.test(what)),
    );
    expect(exact.length).toBeGreaterThanOrEqual(7);
    expect(exact.filter(({ met }: Goal) => !met)).toEqual([]);
  });

  test("every query of every screen is answered, by its own rows", () => {
    const { queries } = resultOf("pages").figures;
    expect(queries.length).toBeGreaterThan(140);
    const rowsOf = (name: string) => queries.find((query: { name: string }) => query.name === name)?.rows;
    expect(rowsOf("contacts, count: everybody")).toBe(4_000);
    expect(rowsOf("contacts: search that finds nobody")).toBe(0);
    expect(rowsOf("the rare status, until all are found")).toBe(20);
    expect(rowsOf("the rows on screen")).toBe(50);
  });
});

test("a name that is none is refused with those that are", async () => {
  await expect(run(process.execPath, [script, "nonsense", "--quick"])).rejects.toThrow(/Choose of: throughput, enroll/);
});

interface Goal {
  what: string;
  goal: string;
  met: boolean;
}
