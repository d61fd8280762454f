import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import pg from "pg";
import type { Db } from "#db/client.ts";
import { isOutage } from "#db/errors.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import { countOpen, until } from "./desk.ts";
import type { ChaosContext, Finding, Scenario } from "./scenario.ts";
import { compareTruths } from "./truths.ts";
import { inWorld, type World } from "./world.ts";

const flow = chain(node("start"), email("One"), sms("Two"), email("Three", {}, "email2"), email("Four", {}, "email3"), node("end"));
const sizes = { small: { each: 60, kills: 2 }, full: { each: 330, kills: 5 } };
const messagesEach = 4;

/** R5: Postgres is killed in the middle of the work, and started again by the product's own supervisor. */
export const databaseKilled: Scenario = {
  id: "R5",
  title: "the postmaster killed under load; the same workers and the same desk go on",
  run: (context) => inWorld(context, { latency: [10, 40] }, (world) => run(context, world)),
};

async function run({ size, random, say }: ChaosContext, world: World): Promise<Finding[]> {
  const { database, outside, desk } = world;
  const { db } = database;
  const { each, kills } = sizes[size];
  const workspace = await desk.openWorkspace(each);
  const flowId = await workspace.buildFlow(flow);
  const workers = await Promise.all([world.start(), world.start()]);
  await workspace.send(flowId);

  const reconnects: number[] = [];
  const accepted: number[] = [];
  for (let i = 0; i < kills; i += 1) {
    await sleep(random.between(400, 1_500));
    const killedAt = new Date();
    database.killPostmaster();
    // A person presses Send at this very moment, and again until the send is accepted. The id is the same, so it is one
    // send.
    const sendId = randomUUID();
    const pressing = until(() => answered(() => workspace.send(flowId, { sendId })), 60, 50);
    const away = await until(() => isThere(database.url), 60, 50);
    say(`Postgres was back after ${away?.toFixed(1)} s`);
    const backAt = Date.now();
    await pressing;
    accepted.push((Date.now() - backAt) / 1_000);
    await until(async () => Number.isFinite(await readProgress(db, killedAt)), 30, 100);
    reconnects.push(Math.max(0, killedAt.getTime() + (await readProgress(db, killedAt)) - backAt) / 1_000);
  }
  const settled = await until(async () => (await countOpen(db)) === 0, 120);
  const truths = await compareTruths(db, desk.promised, await outside.record());
  const { unknown = 0 } = truths.statuses;
  const troubled = workers.filter((worker) => !worker.isAlive() || /unhandled|uncaught/i.test(worker.said()));
  for (const worker of troubled) say(`worker ${worker.pid}, ${worker.isAlive() ? "alive" : "ended"}: ${worker.said().slice(-2_000)}`);
  const total = (kills + 1) * each * messagesEach;
  say(`messages: ${JSON.stringify(truths.statuses)} of ${total}`);
  return [
    { what: "workers that ended or spoke of an unhandled error", goal: "0", measured: troubled.length, held: troubled.length === 0 },
    {
      what: "Postgres back to new messages from the same workers, longest",
      goal: "at most 10 s",
      measured: `${Math.max(...reconnects).toFixed(1)} s of ${reconnects.length}`,
      held: Math.max(...reconnects) <= 10,
    },
    {
      what: "Postgres back to a send accepted by the same desk, longest",
      goal: "at most 10 s",
      measured: `${Math.max(...accepted).toFixed(1)} s`,
      held: Math.max(...accepted) <= 10,
    },
    {
      what: "all ended",
      goal: "within 120 s",
      measured: settled === undefined ? "no" : `${settled.toFixed(1)} s`,
      held: settled !== undefined,
    },
    ...truths.findings,
    {
      what: "held as unknown: called while the database was away, or given up by mistake",
      goal: `at most what was claimed at a kill: ${kills} x 200`,
      measured: `${unknown}, of which ${truths.unknownArrived} had arrived`,
      held: unknown <= kills * 200,
    },
  ];
}

/** Returns false while the database is away. Any other error is an error of the test. */
async function answered(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    if (isOutage(error)) return false;
    throw error;
  }
}

/** Whether a new connection is accepted. A session from before the kill proves nothing. */
async function isThere(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  // The connection may break between connecting and asking.
  client.on("error", () => {});
  return answered(async () => {
    await client.connect();
    await client.end();
  });
}

/** Milliseconds from that moment to the first message that was claimed after it. */
async function readProgress(db: Db, since: Date): Promise<number> {
  const { rows } = await sql<{ first: Date | null }>`
    select min(created_at) as first from messages where created_at > ${since}::timestamptz + interval '200 milliseconds'`.execute(db);
  const first = rows[0]?.first;
  return first ? first.getTime() - since.getTime() : Number.POSITIVE_INFINITY;
}
