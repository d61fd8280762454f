import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { clearSends, fillWorkspace, startBenchDatabase } from "./database.ts";
import { readPeople, writeFloor } from "./floor.ts";
import { addFlow } from "./flow.ts";
import { describeRun, median } from "./machine.ts";
import { sendByStepJobs } from "./steps.ts";
import { sendToAll } from "./throughput.ts";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    contacts: { type: "string" },
    rounds: { type: "string" },
    out: { type: "string", default: join(import.meta.dirname, "results") },
  },
});
const contacts = Number(options.contacts ?? (options.quick ? 5_000 : 100_000));
const rounds = Number(options.rounds ?? (options.quick ? 1 : 3));
const stepContacts = options.quick ? 100 : 500;

/** Engine, floor and steps take turns on one database, so that whatever slows the machine slows all of them. */
const bench = await startBenchDatabase();
try {
  const machine = describeRun();
  const workspaceId = await fillWorkspace(bench.db, contacts);
  const flowId = await addFlow(bench.db, workspaceId);
  const people = await readPeople(bench.db, workspaceId);
  // Once without counting: code is compiled, files are grown, and there is a version to point at.
  await sendToAll(bench, { workspaceId, flowId, expected: contacts });
  const { id: versionId } = await bench.db.selectFrom("flow_versions").select("id").executeTakeFirstOrThrow();
  await clearSends(bench.db);

  const results: { answeredMs: number; enrolledMs: number; engineMs: number; floorMs: number; stepsMs: number }[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const send = await sendToAll(bench, { workspaceId, flowId, expected: contacts });
    await clearSends(bench.db);
    const floorMs = await writeFloor(bench.db, { workspaceId, flowId, versionId, people });
    await clearSends(bench.db);
    const contactIds = people.slice(0, stepContacts).map(({ id }) => id);
    const stepsMs = await sendByStepJobs(bench, { workspaceId, flowId, versionId, contactIds });
    await clearSends(bench.db);
    results.push({ answeredMs: send.answeredMs, enrolledMs: send.enrolledMs, engineMs: send.completedMs, floorMs, stepsMs });
    console.log(
      `round ${round}: engine ${rate(contacts, send.completedMs)}/s, floor ${rate(contacts, floorMs)}/s, steps ${rate(stepContacts, stepsMs)}/s`,
    );
  }

  const of = (pick: (result: (typeof results)[number]) => number) => median(results.map(pick));
  const summary = {
    machine,
    contacts,
    rounds,
    executionsPerSecond: rate(
      contacts,
      of((r) => r.engineMs),
    ),
    floorPerSecond: rate(
      contacts,
      of((r) => r.floorMs),
    ),
    stepJobsPerSecond: rate(
      stepContacts,
      of((r) => r.stepsMs),
    ),
    shareOfFloor: round2(of((r) => r.floorMs / r.engineMs)),
    timesStepJobs: round2(of((r) => contacts / r.engineMs / (stepContacts / r.stepsMs))),
    answeredMs: round2(of((r) => r.answeredMs)),
    enrolledMs: round2(of((r) => r.enrolledMs)),
    results,
    notes: [
      "Executions: start, SMS, condition, e-mail, end; catch channels; from createSend to the last one ended, enrolling included.",
      `Floor: the same rows inserted once in their last state, in chunks of 500 on two connections; no updates, checks or claims.`,
      `Step jobs: one durable job per node on graphile-worker, ${stepContacts} executions; only the rate is compared.`,
    ],
  };
  const goals: [string, boolean][] = [
    [`engine ≥ 50 % of the floor: ${Math.round(summary.shareOfFloor * 100)} %`, summary.shareOfFloor >= 0.5],
    [`engine ≥ 80 × step jobs: ${summary.timesStepJobs} ×`, summary.timesStepJobs >= 80],
    [`answered < 50 ms: ${summary.answeredMs} ms`, summary.answeredMs < 50],
    [`enrolled < 5 s: ${summary.enrolledMs} ms`, summary.enrolledMs < 5_000],
  ];
  for (const [text, isMet] of goals) console.log(`${isMet ? "met " : "MISS"}  ${text}`);
  mkdirSync(options.out, { recursive: true });
  const file = join(options.out, options.quick ? "engine-quick.json" : "engine.json");
  writeFileSync(file, `${JSON.stringify(summary, null, 2)}\n`);
  console.log(`written to ${file}`);
} finally {
  await bench.stop();
}

function rate(count: number, milliseconds: number): number {
  return Math.round((count / milliseconds) * 1000);
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
