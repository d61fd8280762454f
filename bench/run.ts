import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureBulk } from "./bulk.ts";
import { measureCanvas } from "./canvas.ts";
import { measureEnrolling } from "./enroll.ts";
import { measureFairness } from "./fairness.ts";
import { measureFirstLoad } from "./first-load.ts";
import { measureForecast } from "./forecast.ts";
import { measureFrontDoor } from "./front-door.ts";
import { measureGate } from "./gate.ts";
import { measureInbox } from "./inbox.ts";
import { measureIndexes } from "./indexes.ts";
import { describeRun } from "./machine.ts";
import type { BenchOptions, Outcome } from "./outcome.ts";
import { measurePages } from "./pages.ts";
import { measurePerson } from "./person.ts";
import { writeReport } from "./report.ts";
import { measureSearches } from "./searches.ts";
import { measureSleepers } from "./sleepers.ts";
import { measureThroughput } from "./throughput.ts";
import { measureTrigger } from "./trigger.ts";
import { measureWaking } from "./wake.ts";
import { measureWorkers } from "./workers.ts";

/** Each bench answers one question; docs/performance.md says what the answers mean. */
const benches: Record<string, (options: BenchOptions) => Promise<Outcome>> = {
  throughput: measureThroughput,
  enroll: measureEnrolling,
  fairness: measureFairness,
  sleepers: measureSleepers,
  wake: measureWaking,
  workers: measureWorkers,
  pages: measurePages,
  searches: measureSearches,
  inbox: measureInbox,
  trigger: measureTrigger,
  gate: measureGate,
  indexes: measureIndexes,
  bulk: measureBulk,
  forecast: measureForecast,
  "front-door": measureFrontDoor,
  "first-load": measureFirstLoad,
  canvas: measureCanvas,
  person: measurePerson,
};

const resultsDir = join(import.meta.dirname, "results");
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    contacts: { type: "string" },
    rounds: { type: "string" },
    out: { type: "string", default: resultsDir },
  },
});
const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));

for (const name of positionals.length === 0 ? ["throughput"] : positionals) {
  const run = benches[name];
  if (!run) throw new Error(`There is no bench "${name}". Choose of: ${Object.keys(benches).join(", ")}.`);
  const machine = describeRun();
  const begun = performance.now();
  const { figures, goals, notes } = await run({ quick: options.quick, contacts: number(options.contacts), rounds: number(options.rounds) });
  for (const { what, goal, measured, met } of goals) console.log(`${met ? "met " : "MISS"}  ${what}: ${measured} (goal ${goal})`);
  const result = {
    bench: name,
    isQuick: options.quick,
    machine,
    tookSeconds: Math.round((performance.now() - begun) / 1000),
    goals,
    figures,
    notes,
  };
  mkdirSync(options.out, { recursive: true });
  const file = join(options.out, options.quick ? `${name}-quick.json` : `${name}.json`);
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`written to ${file}`);
}
// The page tells of full sizes only, and only of results that are committed.
if (!options.quick && options.out === resultsDir) writeReport(Object.keys(benches));
