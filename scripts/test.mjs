import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildWeb } from "./build-web.mjs";
import { environment, root, run } from "./child.mjs";
import { ensureChromium } from "./chromium.mjs";
import { install } from "./install.mjs";
import { ensureSupabaseTools } from "./supabase-tools.mjs";
import { Problem, runMain, say } from "./terminal.mjs";
import { readPlaywright, readVitest } from "./test-reports.mjs";

/**
 * The seed of the random histories and faults. It is the same every time, because a commit is judged by what it
 * changed. Random seeds are used by `npm run chaos` and `npm run test:unit -- engine/model.test.ts`.
 */
const fixedSeed = "20261125";
/** The variables by which tests that draw take their seed. */
const seeds = ["MODEL_SEED", "FORECAST_SEED", "ONE_CONTACT_SEED", "PROPERTY_SEED"];
const playwrightReport = join(root, ".tmp", "playwright.json");

const shownFailures = 10;

const steps = [
  { part: "check", name: "types: server", run: () => run("tsc", ["-p", "tsconfig.server.json"]) },
  { part: "check", name: "types: web", run: () => run("tsc", ["-p", "tsconfig.web.json"]) },
  { part: "check", name: "types: tests", run: () => run("tsc", ["-p", "tsconfig.test.json"]) },
  { part: "check", name: "lint and format", run: () => run("biome", ["check", "--error-on-warnings", "."]) },
  { part: "check", name: "walls", run: () => run("depcruise", ["."]) },
  { part: "check", name: "dead code", run: () => run("knip", []) },
  { part: "unit", name: "unit, database, components", ...vitest(["unit", "db", "web"], `--maxWorkers=${2 * availableParallelism()}`) },
  { part: "slow", name: "processes, histories", ...vitest(["slow"]) },
  { part: "chaos", name: "contract under faults", run: runChaos },
  { part: "e2e", name: "web build", run: () => buildWeb().then(() => 0) },
  { part: "e2e", name: "browser", run: runPlaywright, report: () => readPlaywright(playwrightReport) },
];

const parts = [...new Set(steps.map(({ part }) => part))];

// npm test runs what is worth waiting for at every change, and with --all everything that must pass before a change
// goes in. Both work in a fresh clone. If a step fails, the later ones run all the same.
await runMain(async () => {
  const chosen = readParts();
  await install();
  const results = [];
  for (const step of steps.filter(({ part }) => chosen.includes(part))) {
    say(`\n── ${step.name}`);
    results.push({ ...step, ...(await measure(step)) });
  }
  return summarize(results);
});

function readParts() {
  const values = readOptions();
  if (values.all) return parts;
  if (values.only === undefined) return ["check", "unit"];
  if (parts.includes(values.only)) return [values.only];
  throw new Problem(`--only knows ${parts.join(", ")}: for example "npm test -- --only unit".`);
}

/** A misspelt option would run other tests than were asked for, so it is refused. */
function readOptions() {
  try {
    return parseArgs({ options: { only: { type: "string" }, all: { type: "boolean" } } }).values;
  } catch (error) {
    throw new Problem(`${error.message}\nnpm test knows --all and --only <part>, where <part> is one of: ${parts.join(", ")}.`);
  }
}

async function measure({ run, report }) {
  const start = Date.now();
  let code;
  try {
    code = await run();
  } catch (error) {
    say(error instanceof Problem ? error.message : error.stack);
    code = 1;
  }
  return { code, seconds: (Date.now() - start) / 1000, ...report?.() };
}

function summarize(results) {
  say("");
  for (const { name, code, seconds, passed, failed, secondTry } of results) {
    const late = secondTry ? `, ${secondTry} only on the second try` : "";
    const cases = passed === undefined ? "" : `  ${passed} passed, ${failed} failed${late}`;
    say(`${code === 0 ? "ok    " : "FAILED"}  ${name.padEnd(28)} ${seconds.toFixed(1).padStart(6)} s${cases}`);
  }
  printFailures(results.flatMap(({ failures }) => failures ?? []));
  const sum = (key) => results.reduce((total, result) => total + (result[key] ?? 0), 0);
  say(`\n${sum("passed")} passed, ${sum("failed")} failed`);
  return results.some(({ code }) => code !== 0) ? 1 : 0;
}

/** The failures stand at the end, because of a long run often only the end is kept. */
function printFailures(failures) {
  for (const { name, reason } of failures.slice(0, shownFailures)) say(`\n✗ ${name}\n  ${reason}`);
  if (failures.length > shownFailures) say(`\n… and ${failures.length - shownFailures} more; each is named where it happened.`);
}

/**
 * Most tests wait for Postgres half of the time, so there are two workers for every core. Tests that start processes run
 * alone.
 */
function vitest(projects, ...options) {
  const file = join(root, ".tmp", `vitest-${projects[0]}.json`);
  return {
    async run() {
      const missing = projects.includes("slow") && (await ensureSupabaseTools());
      if (missing) say(`Tests of PostgREST and the Supabase CLI are skipped: ${missing}`);
      rmSync(file, { force: true });
      const chosen = projects.map((project) => `--project=${project}`);
      const env = { ...Object.fromEntries(seeds.map((name) => [name, fixedSeed])), ...environment };
      return run("vitest", ["run", ...chosen, ...options, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`], { env });
    },
    report: () => readVitest(file),
  };
}

function runChaos() {
  return run("node", ["test/chaos/run.ts", "--test", "R1,R2,R4,R5,R9", "--size", "small", "--seed", fixedSeed]);
}

async function runPlaywright() {
  rmSync(playwrightReport, { force: true });
  const CHROMIUM_PATH = await ensureChromium();
  const env = { ...environment, CHROMIUM_PATH, PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport };
  return run("playwright", ["test", "--reporter=list,json"], { env });
}
