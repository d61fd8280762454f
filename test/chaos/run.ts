import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { seededRandom } from "./random.ts";
import type { Finding, Size } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";

const usage = `npm run chaos -- [--test R1,R2] [--seed N] [--size small|full] [--out folder]

Runs the contract's tests under faults. The seed is printed and repeats a run. Without --test: all of them.`;

const { values: options } = parseArgs({
  options: {
    test: { type: "string" },
    seed: { type: "string" },
    size: { type: "string", default: "full" },
    out: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
process.exitCode = await main();

async function main(): Promise<number> {
  const seed = Number(options.seed ?? Math.floor(Math.random() * 2 ** 31));
  const wanted = options.test?.toUpperCase().split(",");
  const unknown = wanted?.filter((id) => !scenarios.some((scenario) => scenario.id === id)) ?? [];
  if (options.help || unknown.length > 0 || !Number.isInteger(seed) || !["small", "full"].includes(options.size)) {
    if (unknown.length > 0)
      console.error(`There is no test ${unknown.join(", ")}; there are ${scenarios.map(({ id }) => id).join(", ")}.\n`);
    console.error(usage);
    return options.help ? 0 : 2;
  }
  const size = options.size as Size;
  console.log(`seed ${seed}, size ${size}`);
  let broken = 0;
  for (const scenario of scenarios.filter(({ id }) => wanted?.includes(id) ?? true)) {
    const begun = performance.now();
    const skipped = scenario.whyNot?.();
    console.log(`\n${scenario.id}  ${scenario.title}`);
    if (skipped) console.log(`    not run: ${skipped}`);
    // Each test draws from the seed alone, so that it is the same by itself and among others.
    const context = { seed, size, random: seededRandom(seed), say: (text: string) => console.log(`    ${text}`) };
    const findings = skipped ? [] : await scenario.run(context).catch(toFinding);
    for (const finding of findings)
      console.log(`  ${finding.held ? "ok    " : "BROKEN"}  ${finding.what}: ${finding.measured} (goal: ${finding.goal})`);
    const seconds = Math.round((performance.now() - begun) / 100) / 10;
    console.log(`    ${seconds} s`);
    broken += findings.filter(({ held }) => !held).length;
    if (options.out) writeReport(options.out, { id: scenario.id, title: scenario.title, seed, size, seconds, skipped, findings });
  }
  console.log(broken === 0 ? "\neverything held" : `\n${broken} broken; repeat with --seed ${seed}`);
  return broken === 0 ? 0 : 1;
}

function toFinding(error: unknown): Finding[] {
  console.error(error);
  return [
    { what: "the test itself", goal: "runs to its end", measured: error instanceof Error ? error.message : String(error), held: false },
  ];
}

function writeReport(folder: string, report: { id: string; size: Size } & Record<string, unknown>): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${report.id}-${report.size}.json`), `${JSON.stringify(report, null, 2)}\n`);
}
