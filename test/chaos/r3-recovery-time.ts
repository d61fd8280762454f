import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import { countOpen, until } from "./desk.ts";
import { quantile } from "./quantile.ts";
import { noteKill, readRecoveries, type StrandedKill } from "./recoveries.ts";
import type { ChaosContext, Finding, Scenario } from "./scenario.ts";
import { compareTruths } from "./truths.ts";
import type { Worker } from "./worker.ts";
import { inWorld, type World } from "./world.ts";

const flow = chain(node("start"), sms("One"), email("Two"), node("end"));
const sizes = { small: { people: 150, kills: 5 }, full: { people: 300, kills: 20 } };

/**
 * R3: how long the work of a killed worker stands still. There is one kill at a time, and the next only after the
 * recovery.
 */
export const recoveryTime: Scenario = {
  id: "R3",
  title: "from a kill to the first new progress of what the dead worker had in hand",
  run: (context) => inWorld(context, { latency: [10, 40] }, (world) => run(context, world)),
};

async function run({ size, random, say }: ChaosContext, world: World): Promise<Finding[]> {
  const { database, desk, outside } = world;
  const { people, kills } = sizes[size];
  const workspace = await desk.openWorkspace(people);
  const flowId = await workspace.buildFlow(flow);
  const workers = [await world.start(), await world.start()];
  const noted: StrandedKill[] = [];
  while (noted.length < kills) {
    await workspace.send(flowId);
    await sleep(random.between(50, 1_000));
    const victim = await findBusy(database.db, workers);
    if (!victim) continue;
    const kill = await noteKill(database.db, victim);
    workers[workers.indexOf(victim)] = await world.start();
    if (kill.executionIds.length === 0) continue;
    noted.push(kill);
    await until(async () => Number.isFinite((await readRecoveries(database.db, [kill]))[0]), 30, 250);
  }
  const isAllOver = await until(async () => (await countOpen(database.db)) === 0, 60);
  const seconds = await readRecoveries(database.db, noted);
  say(`seconds: ${seconds.map((one) => one.toFixed(1)).join(" ")}`);
  const p95 = quantile(seconds, 0.95);
  return [
    {
      what: "kill to first new progress, p95",
      goal: "at most 12 s, wished: 5 s",
      measured: `${p95.toFixed(1)} s of ${seconds.length} kills`,
      held: p95 <= 5,
    },
    { what: "the longest", goal: "at most 20 s", measured: `${Math.max(...seconds).toFixed(1)} s`, held: Math.max(...seconds) <= 20 },
    {
      what: "all ended",
      goal: "within 60 s of the last kill",
      measured: isAllOver === undefined ? "no" : "yes",
      held: isAllOver !== undefined,
    },
    ...(await compareTruths(database.db, desk.promised, await outside.record())).findings,
  ];
}

/** A worker that has a turn at this moment. */
async function findBusy(db: Db, workers: readonly Worker[]): Promise<Worker | undefined> {
  const { rows } = await sql<{ pid: number }>`
    select w.pid from private.turns t join private.workers w on w.id = t.worker_id order by t.began_at desc`.execute(db);
  return workers.find(({ pid }) => rows.some((row) => row.pid === pid));
}
