import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Goal } from "./outcome.ts";

const resultsDir = join(import.meta.dirname, "results");
const performancePage = join(import.meta.dirname, "../docs/performance.md");
/** The first page that anybody reads tells only what a person waits for. */
const readme = { page: join(import.meta.dirname, "../README.md"), names: ["person"] };
const begin = "<!-- figures: written by npm run bench -->";
const end = "<!-- end of figures -->";

interface Result {
  bench: string;
  machine: { date: string; commit: string; cpu: string; cores: number; loadBefore: number };
  goals: Goal[];
}

/** Puts the committed results into docs/performance.md and the README, so that they never say anything else. */
export function writeReport(names: readonly string[]): void {
  writeFigures(performancePage, names);
  writeFigures(readme.page, readme.names);
}

function writeFigures(file: string, names: readonly string[]): void {
  const page = readFileSync(file, "utf8");
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has lost its marks: "${begin}" and "${end}".`);
  writeFileSync(file, `${page.slice(0, from)}${begin}\n${table(names)}\n${page.slice(to)}`);
}

function table(names: readonly string[]): string {
  const results = names.flatMap((name) => {
    const file = join(resultsDir, `${name}.json`);
    return existsSync(file) ? [JSON.parse(readFileSync(file, "utf8")) as Result] : [];
  });
  const rows = results.flatMap(({ bench, goals }) =>
    goals.map(({ what, goal, measured, met }) => `| \`${bench}\` | ${what} | ${goal} | ${measured} | ${met ? "yes" : "**no**"} |`),
  );
  const runs = results.map(({ bench, machine: { date, commit, cpu, cores, loadBefore } }) => {
    const busy = loadBefore > 1 ? `; other work took ${loadBefore} cores when it began` : "";
    return `- \`${bench}\`: ${date.slice(0, 16).replace("T", " ")} UTC, commit ${commit}, ${cores} × ${cpu}${busy}`;
  });
  return ["", "| Bench | Figure | Goal | Measured | Met |", "|---|---|---|---|---|", ...rows, "", ...runs, ""].join("\n");
}
