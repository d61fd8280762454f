import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startBenchDatabase } from "./cluster.ts";
import { type DivisionCost, measureDivisions } from "./divisions.ts";
import { clearSends, fillWorkspace } from "./fill.ts";
import { readPeople, writeFloor } from "./floor.ts";
import { addFlow } from "./flow.ts";
import type { BenchOptions, Outcome } from "./outcome.ts";
import { atLeast, below } from "./outcome.ts";
import { sendToAll } from "./send-to-all.ts";
import { median, perSecond, round } from "./statistics.ts";
import { sendByStepJobs } from "./steps.ts";
import type { Volume } from "./volume.ts";
import { markVolume } from "./volume.ts";

/** Engine, floor and steps take turns on one database, so that whatever slows the machine slows all of them. */
export async function measureThroughput(options: BenchOptions): Promise<Outcome> {
  const contacts = options.contacts ?? (options.quick ? 1_000 : fullContacts);
  const rounds = options.rounds ?? (options.quick ? 1 : 3);
  const stepContacts = options.quick ? 30 : 500;
  const bench = await startBenchDatabase();
  try {
    const workspaceId = await fillWorkspace(bench.db, contacts);
    const flowId = await addFlow(bench.db, workspaceId);
    const people = await readPeople(bench.db, workspaceId);
    // Once without counting: code is compiled, files are grown, and there is a version to point at.
    await sendToAll(bench, { workspaceId, flowId, expected: contacts });
    const { id: versionId } = await bench.db.selectFrom("flow_versions").select("id").executeTakeFirstOrThrow();
    await clearSends(bench.db);

    const results: Round[] = [];
    const volumes: Volume[] = [];
    for (let turn = 1; turn <= rounds; turn += 1) {
      const readVolume = await markVolume(bench.db);
      const send = await sendToAll(bench, { workspaceId, flowId, expected: contacts });
      volumes.push(await readVolume());
      await clearSends(bench.db);
      const floorMs = await writeFloor(bench.db, { workspaceId, flowId, versionId, people });
      await clearSends(bench.db);
      const contactIds = people.slice(0, stepContacts).map(({ id }) => id);
      const stepsMs = await sendByStepJobs(bench, { workspaceId, flowId, versionId, contactIds });
      await clearSends(bench.db);
      const { answeredMs, enrolledMs, completedMs: engineMs, cpu } = send;
      const perContact = (micros: number | null) => (micros === null ? Number.NaN : micros / contacts);
      const [processMicros, postgresMicros] = [perContact(cpu.processMicros), perContact(cpu.postgresMicros)];
      results.push({ answeredMs, enrolledMs, engineMs, floorMs, stepsMs, processMicros, postgresMicros });
      const [engine, floor, steps] = [
        perSecond(contacts, send.completedMs),
        perSecond(contacts, floorMs),
        perSecond(stepContacts, stepsMs),
      ];
      const micros = `${round(postgresMicros, 0)} µs of Postgres and ${round(processMicros, 0)} µs of the worker for each`;
      console.log(`round ${turn}: engine ${engine}/s (${micros}), floor ${floor}/s, steps ${steps}/s`);
    }
    const divisions = await measureDivisions(bench, {
      sizes: options.quick ? [200] : [500, 3_000],
      rounds,
      executions: options.quick ? 200 : 30_000,
    });
    return summarize(results, { contacts, rounds, stepContacts, divisions, perExecution: perExecution(volumes, contacts) });
  } finally {
    await bench.stop();
  }
}

/** What one execution leaves behind: rows and bytes of each table, and what was written ahead for it. */
function perExecution(volumes: readonly Volume[], contacts: number) {
  const of = (pick: (volume: Volume) => number) => median(volumes.map(pick)) / contacts;
  const tables = Object.keys(volumes[0]?.tables ?? {}).map((table) => {
    const part = (name: "bytes" | "indexBytes" | "rows") =>
      round(
        of((volume) => volume.tables[table]?.[name] ?? Number.NaN),
        name === "rows" ? 2 : 0,
      );
    return [table, { rows: part("rows"), bytes: part("bytes"), indexBytes: part("indexBytes") }] as const;
  });
  return {
    walBytes: round(
      of((volume) => volume.walBytes),
      0,
    ),
    ...Object.fromEntries(tables),
  };
}

/** Times of one round, and CPU microseconds of an execution. */
type Round = Record<"answeredMs" | "enrolledMs" | "engineMs" | "floorMs" | "stepsMs" | "processMicros" | "postgresMicros", number>;

/** The processor time of an execution in the committed result, whose machine may be another. */
function committedMicros(): number | undefined {
  const file = join(import.meta.dirname, "results", "throughput.json");
  const { figures } = JSON.parse(readFileSync(file, "utf8")) as { figures: { cpuMicros?: number } };
  return figures.cpuMicros;
}

/** The goals hold at this size. */
const fullContacts = 100_000;
/** Two runs of the same code differ by as much. */
const spreadOfRuns = 1.05;

function summarize(
  results: readonly Round[],
  size: { contacts: number; rounds: number; stepContacts: number; divisions: DivisionCost[]; perExecution: unknown },
): Outcome {
  const { contacts, stepContacts } = size;
  const of = (pick: (result: Round) => number) => median(results.map(pick));
  const figures = {
    ...size,
    executionsPerSecond: of((r) => perSecond(contacts, r.engineMs)),
    floorPerSecond: of((r) => perSecond(contacts, r.floorMs)),
    stepJobsPerSecond: of((r) => perSecond(stepContacts, r.stepsMs)),
    shareOfFloor: round(of((r) => r.floorMs / r.engineMs)),
    timesStepJobs: round(of((r) => contacts / r.engineMs / (stepContacts / r.stepsMs))),
    cpuMicros: round(
      of((r) => r.postgresMicros + r.processMicros),
      0,
    ),
    answeredMs: round(of((r) => r.answeredMs)),
    enrolledMs: round(of((r) => r.enrolledMs)),
    results,
  };
  const committed = committedMicros();
  return {
    figures,
    goals: [
      ...(committed === undefined || contacts !== fullContacts
        ? []
        : [below("CPU of an execution, against the committed figure", figures.cpuMicros, round(committed * spreadOfRuns, 0), "µs")]),
      ...size.divisions.map(({ contacts: of, clockRatio }) =>
        below(`time of a send of ${of} divided for two workers, done by one`, clockRatio, 1.25, "×"),
      ),
      atLeast("times one durable job per node", figures.timesStepJobs, 80, "×"),
      below("createSend answered, without HTTP", figures.answeredMs, 50, "ms"),
      below("enrolled while the first messages leave", figures.enrolledMs, 5_000, "ms"),
    ],
    notes: [
      "Executions: start, SMS, condition, e-mail, end; capture channels; from createSend to the last one ended, enrolling included.",
      "CPU: of all processes of Postgres and of the worker, by /proc and getrusage; other work of the machine does not count, but it makes caches colder. Its goal allows 5 % for the spread of two runs. It is compared only with a run on the same kind of machine.",
      `The share of the floor is reported and not judged: what makes both faster makes it smaller. It was ${round(figures.shareOfFloor * 100, 0)} %.`,
      "Floor: the same rows inserted once in their last state, in chunks of 500 on three connections; no updates, checks or claims.",
      `Step jobs: one durable job per node on graphile-worker, ${stepContacts} executions; only the rate is compared.`,
    ],
  };
}
