import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import type { Client } from "#test/http-client.ts";
import type { BenchDatabase } from "./cluster.ts";
import { addFlow } from "./flow.ts";
import type { BenchOptions, Outcome } from "./outcome.ts";
import { below, exactly } from "./outcome.ts";
import { must, startServer } from "./product.ts";
import { watchProgress } from "./progress.ts";
import { clearCrowds, findWorkspace, openCrowds } from "./seed-crowds.ts";
import { fullSizes, quickSizes } from "./sizes.ts";
import { median, round, spread } from "./statistics.ts";

const everybody = { type: "filter", filter: { tests: [] }, excluded: [] } as const;

/**
 * One request for 100,000 contacts and one for 1,000,000, through the real server with its worker in the same process, as
 * `npm start` runs it. Enrolling alone is measured with sends that begin tomorrow, and together with the messages once.
 */
export async function measureEnrolling({ quick }: BenchOptions): Promise<Outcome> {
  const { crowds } = quick ? quickSizes : fullSizes;
  const bench = await openCrowds(crowds);
  try {
    const server = await startServer(bench, "web,worker");
    let figures: Awaited<ReturnType<typeof enrollAll>>;
    try {
      figures = await enrollAll(bench, server.owner, crowds, quick);
    } finally {
      await server.stop();
    }
    const progress = await watchProgress(bench, { sendId: figures.huge.sendId, workspaceId: await findWorkspace(bench.db, "Huge"), quick });
    return report(crowds, figures, progress);
  } finally {
    await clearCrowds(bench.db);
    await bench.stop();
  }
}

async function enrollAll({ db }: BenchDatabase, owner: Client, crowds: { Large: number; Huge: number }, quick: boolean) {
  const [large, huge] = [await findWorkspace(db, "Large"), await findWorkspace(db, "Huge")];
  const caller = (workspaceId: string) => owner.with({ "x-workspace-id": workspaceId });
  const flowId = await addFlow(db, large);
  const later = [];
  for (let turn = 0; turn < (quick ? 2 : 6); turn += 1) later.push(await send(caller(large), flowId, { start: tomorrow() }));
  // The first meets cold code and cold pages; it is kept in the samples but not in the medians.
  const counted = later.slice(1);
  const now = await send(caller(large), flowId, {});
  const working = await untilState(caller(large), now.sendId, "done");

  const hugeFlow = await addFlow(db, huge);
  const counters = checkTotals(db, huge);
  const million = await send(caller(huge), hugeFlow, { start: tomorrow() });
  const totals = await counters.stop();
  const passes = await countPasses(db, million.sendId);
  return {
    large: { answeredMs: spread(counted.map((one) => one.answeredMs)), firstAnswerMs: round(later[0]?.answeredMs ?? Number.NaN) },
    largeEnrolledMs: median(counted.map((one) => one.enrolledMs)),
    largeWhileSending: { answeredMs: now.answeredMs, enrolledMs: now.enrolledMs, completedMs: round(now.enrolledMs + working) },
    largeEnrolled: later.every((one) => one.enrolled + one.notEnrolled === crowds.Large) ? crowds.Large : -1,
    huge: { ...million, passes, totals },
  };
}

async function send(client: Client, flowId: string, more: object) {
  const begun = performance.now();
  const answer = must(await client.post("/api/sends", { flowId, selection: everybody, undoSeconds: 0, ...more }));
  const answeredMs = performance.now() - begun;
  const sendId = answer.body.send.id as string;
  for (;;) {
    const { body } = must(await client.get(`/api/sends/${sendId}`));
    if (body.enrolledAt !== null) {
      // By the database's own clock, which is also what the history shows.
      const enrolledMs = Date.parse(body.enrolledAt) - Date.parse(body.createdAt);
      return {
        sendId,
        answeredMs: round(answeredMs),
        enrolledMs,
        enrolled: body.enrolled as number,
        notEnrolled: body.notEnrolled as number,
      };
    }
    await sleep(50);
  }
}

async function untilState(client: Client, sendId: string, state: string): Promise<number> {
  const begun = performance.now();
  for (;;) {
    const { body } = must(await client.get(`/api/sends/${sendId}`));
    if (body.state === state) return performance.now() - begun;
    await sleep(50);
  }
}

const tomorrow = () => ({ at: new Date(Date.now() + 86_400_000).toISOString().slice(0, 16) });

/** At moments of its own choice, in one snapshot: the counters of the sends of a workspace against their rows. */
function checkTotals(db: Db, workspaceId: string) {
  let isOver = false;
  const looks: { enrolled: number; off: number }[] = [];
  const looking = (async () => {
    while (!isOver) {
      const { rows } = await sql<{ enrolled: number; off: number }>`
        select s.enrolled, abs(s.enrolled - (select count(*) from flow_executions e where e.send_id = s.id))
          + abs(s.not_enrolled - (select count(*) from flow_send_skips k where k.send_id = s.id)) as off
        from flow_sends s where s.workspace_id = ${workspaceId} and s.enrolled_at is null`.execute(db);
      looks.push(...rows);
      await sleep(1_000);
    }
  })();
  return {
    stop: async () => {
      isOver = true;
      await looking;
      return { looks: looks.length, largestDifference: Math.max(0, ...looks.map(({ off }) => Number(off))) };
    },
  };
}

/** Rows that were written together carry the same transaction. */
async function countPasses(db: Db, sendId: string): Promise<number> {
  const { rows } = await sql<{ passes: number }>`
    select count(distinct xmin::text)::int as passes from flow_executions where send_id = ${sendId}::uuid`.execute(db);
  return rows[0]?.passes ?? 0;
}

function report(
  crowds: { Large: number; Huge: number },
  figures: Awaited<ReturnType<typeof enrollAll>>,
  progress: Awaited<ReturnType<typeof watchProgress>>,
): Outcome {
  const { huge } = figures;
  return {
    figures: { crowds, ...figures, progress },
    goals: [
      below(`POST of a send to ${crowds.Large} by filter → answer, p50`, figures.large.answeredMs.p50, 50, "ms"),
      below(`${crowds.Large} enrolled`, figures.largeEnrolledMs, 5_000, "ms"),
      exactly("of them accounted for", figures.largeEnrolled, crowds.Large),
      exactly(`of ${crowds.Huge} in one request accounted for`, huge.enrolled + huge.notEnrolled, crowds.Huge),
      exactly("largest difference of counters and rows, at any moment looked at", huge.totals.largestDifference, 0),
      exactly("rows of executions, steps and messages read for progress", progress.rowsReadOfWork, 0),
    ],
    notes: [
      "The answer: POST /api/sends by HTTP as a signed-in person until the whole answer is there, the count of the selection included.",
      "Enrolled: from created_at to enrolled_at of the send. Sends that begin tomorrow, so that nothing else is done meanwhile; `largeWhileSending` sends at once.",
      `${crowds.Huge}: one request, ${huge.passes} passes, ${huge.totals.looks} looks in one snapshot each at counters and rows while it was being enrolled.`,
      `Progress: ${progress.watchers} watchers of one send for ${progress.seconds} s; what Postgres says was read of each table by the server meanwhile.`,
    ],
  };
}
