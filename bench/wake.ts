import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import { startProduct } from "#test/product-process.ts";
import type { BenchDatabase } from "./cluster.ts";
import type { BenchOptions, Outcome } from "./outcome.ts";
import { below, exactly } from "./outcome.ts";
import { addWorkspace } from "./seed-crowds.ts";
import { seedPeople } from "./seed-people.ts";
import { openSleepers, putToSleep } from "./seed-sleepers.ts";
import { fullSizes, quickSizes } from "./sizes.ts";
import { median, perSecond } from "./statistics.ts";

/**
 * 20,000 executions become due within one second, among a million that wait on. Each then sends an SMS and ends. Before
 * that they become due at one moment: what this machine needs for them then is the measure, for nobody shall wait for
 * anything but the machine.
 */
export async function measureWaking({ quick }: BenchOptions): Promise<Outcome> {
  const { sleepers } = quick ? quickSizes : fullSizes;
  const [waking, turns] = quick ? [300, 1] : [20_000, 5];
  const bench = await openSleepers(sleepers);
  try {
    const worker = await startProduct(bench.url, ["--role=worker"]);
    const [atOnce, results]: [Lateness[], Lateness[]] = [[], []];
    try {
      for (let turn = 0; turn < turns; turn += 1) {
        atOnce.push(await wakeAll(bench, waking, 0));
        results.push(await wakeAll(bench, waking, 1));
      }
    } finally {
      await worker.end();
    }
    const of = (pick: (lateness: Lateness) => number) => median(results.map(pick));
    const machineMs = median(atOnce.map(({ sentMax }) => sentMax));
    return {
      figures: { sleepers, waking, turns, endedPerSecond: perSecond(waking, machineMs), results, atOnce },
      goals: [
        exactly("executions that woke and ended, of the least complete turn", Math.min(...results.map(({ ended }) => ended)), waking),
        exactly("woken too early", Math.max(...results.map(({ early }) => early)), 0),
        below(
          "lateness of waking, p50",
          of(({ wokenP50 }) => wokenP50),
          1_000,
          "ms",
        ),
        below(
          `lateness of waking, p99, against 1.2 × the ${machineMs} ms that this machine needs to end ${waking}`,
          of(({ wokenP99 }) => wokenP99),
          Math.round(1.2 * machineMs),
          "ms",
        ),
      ],
      notes: [
        "Lateness: from due_at until the delay's step was ended by the pass that took the execution up, both by the database's clock. Medians of the turns.",
        "`sent`: from due_at until the provider's answer to the SMS was written, so the work for all 20,000 is in it.",
        "`atOnce`: all become due at one moment; the time until the last provider's answer was written is what this machine needs.",
        `Due times are spread evenly over one second; ${sleepers} others sleep in another workspace. One worker process.`,
      ],
    };
  } finally {
    await bench.stop();
  }
}

type Lateness = Record<"ended" | "early" | "wokenP50" | "wokenP99" | "wokenMax" | "sentP50" | "sentP99" | "sentMax", number>;

/** @param seconds over how many seconds they become due */
async function wakeAll({ db }: BenchDatabase, waking: number, seconds: 0 | 1): Promise<Lateness> {
  const workspaceId = await addWorkspace(db, "Waking");
  try {
    await seedPeople(db, workspaceId, waking);
    // Far enough in the future that all rows are there, and the tables have statistics, before the first is due.
    const due = sql`clock_timestamp() + interval '1 hour' + row_number() over (order by md5(c.id::text)) * interval '1 second' / ${waking}::int`;
    const sendId = await putToSleep(db, { workspaceId, due });
    await sql`analyze wake_ups, flow_executions, flow_execution_steps, contacts`.execute(db);
    await sql`checkpoint`.execute(db);
    await startTheSecond(db, workspaceId, seconds);
    for (let waited = 0; ; waited += 100) {
      const { rows } = await sql<{ state: string }>`select state from flow_sends where id = ${sendId}::uuid`.execute(db);
      if (rows[0]?.state === "done") return await readLateness(db, sendId);
      if (waited > 120_000) throw new Error("Two minutes after they were due, not all have ended.");
      await sleep(100);
    }
  } finally {
    await takeAway(db, workspaceId);
  }
}

/** Deletes without checking every foreign key for every row, because among a million others that takes minutes. */
async function takeAway(db: Db, workspaceId: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    await sql`delete from flow_execution_steps s using flow_executions e where e.workspace_id = ${workspaceId} and s.flow_execution_id = e.id`.execute(
      tx,
    );
    const tables = [
      "messages",
      "wake_ups",
      "uncompleted_executions",
      "flow_executions",
      "flow_sends",
      "flow_versions",
      "flows",
      "contacts",
    ];
    for (const table of tables) await sql`delete from ${sql.table(table)} where workspace_id = ${workspaceId}`.execute(tx);
    await sql`delete from workspaces where id = ${workspaceId}`.execute(tx);
  });
}

/** Moves the times forward, so that the first is due in two seconds and the last at the same moment or a second later. */
async function startTheSecond(db: Db, workspaceId: string, seconds: 0 | 1): Promise<void> {
  await sql`
    with moved as (
      update wake_ups w set due_at = first.now + interval '2 seconds' + (w.due_at - first.at) * ${seconds}::int
      from (select min(due_at) as at, clock_timestamp() as now from wake_ups where workspace_id = ${workspaceId}) first
      where w.workspace_id = ${workspaceId} returning w.flow_execution_id, w.due_at
    ), executions as (
      update flow_executions e set wake_at = moved.due_at from moved where e.id = moved.flow_execution_id
    )
    update flow_execution_steps s set wake_at = moved.due_at from moved where s.flow_execution_id = moved.flow_execution_id and s.visit = 2`.execute(
    db,
  );
}

async function readLateness(db: Db, sendId: string): Promise<Lateness> {
  const { rows } = await sql<Lateness>`
    select count(*) filter (where e.status <> 'running')::int as ended,
      count(*) filter (where w.completed_at < w.wake_at)::int as early,
      ${at(0.5, "woken")} as "wokenP50", ${at(0.99, "woken")} as "wokenP99", ${at(1, "woken")} as "wokenMax",
      ${at(0.5, "sent")} as "sentP50", ${at(0.99, "sent")} as "sentP99", ${at(1, "sent")} as "sentMax"
    from flow_executions e
    join flow_execution_steps w on w.flow_execution_id = e.id and w.visit = 2
    left join messages m on m.flow_execution_id = e.id and m.visit = 3
    cross join lateral (select extract(epoch from w.completed_at - w.wake_at) * 1000 as woken, extract(epoch from m.sent_at - w.wake_at) * 1000 as sent) late
    where e.send_id = ${sendId}::uuid`.execute(db);
  return rows[0] as Lateness;
}

const at = (fraction: number, of: "woken" | "sent") =>
  sql`round(percentile_disc(${fraction}::float8) within group (order by late.${sql.ref(of)}))::int`;
