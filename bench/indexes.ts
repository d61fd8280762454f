import { sql } from "kysely";
import type { Db, Tx } from "#db/client.ts";
import { startBenchDatabase } from "./cluster.ts";
import { clearSends } from "./fill.ts";
import type { BenchOptions, Outcome } from "./outcome.ts";
import { below } from "./outcome.ts";
import { addWorkspace } from "./seed-crowds.ts";
import { seedPeople } from "./seed-people.ts";
import { putToSleep } from "./seed-sleepers.ts";
import { median, round } from "./statistics.ts";

/** An index or trigger that makes reading quicker, and the writing that it slows down. */
interface Cost {
  name: string;
  table: string;
  takeAway: string;
  write(tx: Tx): Promise<unknown>;
}

/**
 * Measures what each index and each trigger costs on writing: the same rows are written with it and without it, in turns,
 * each time in a transaction that is rolled back.
 */
export async function measureIndexes({ quick }: BenchOptions): Promise<Outcome> {
  const rows = quick ? 200 : 10_000;
  const turns = quick ? 1 : 7;
  const bench = await startBenchDatabase();
  try {
    const workspaceId = await addWorkspace(bench.db, "Bench");
    await seedPeople(bench.db, workspaceId, rows);
    await clearSends(bench.db);
    const sendId = await putToSleep(bench.db, { workspaceId, due: sql`now() + interval '1 year'` });
    await sql`vacuum analyze`.execute(bench.db);
    const found = [];
    for (const cost of await listCosts(bench.db, { workspaceId, sendId, rows })) found.push(await measure(bench.db, cost, { rows, turns }));
    const ending = found.find(({ name }) => name.startsWith("condition"));
    return {
      figures: { rows, turns, costs: found },
      goals: [
        below("what the triggers of `uncompleted_executions` add to completing an execution", ending?.addsPercent ?? Number.NaN, 5, "%"),
      ],
      notes: [`${rows} rows a time, ${turns} turns with and without; medians. Microseconds and percent of the statement without it.`],
    };
  } finally {
    await bench.stop();
  }
}

async function listCosts(db: Db, { workspaceId, sendId, rows }: { workspaceId: string; sendId: string; rows: number }): Promise<Cost[]> {
  const end = (status: string) => (tx: Tx) =>
    sql`update flow_executions set status = ${status}, visit = visit + 1, completed_at = now(), wake_at = null where send_id = ${sendId}::uuid`.execute(
      tx,
    );
  const triggers = "alter table flow_executions disable trigger user";
  const writes: Record<string, (tx: Tx) => Promise<unknown>> = {
    contacts: (tx) => seedPeople(tx, workspaceId, rows),
    flow_executions: (tx) =>
      sql`
      insert into flow_executions (flow_id, contact_id, workspace_id, source, metadata, send_id, flow_version_id, seq)
      select flow_id, contact_id, workspace_id, source, metadata, send_id, flow_version_id, seq + 1000000
      from flow_executions where send_id = ${sendId}::uuid`.execute(tx),
    messages: (tx) =>
      sql`
      insert into messages (workspace_id, flow_execution_id, send_id, contact_id, visit, node_id, channel, provider, to_address, body, provider_message_id)
      select workspace_id, id, send_id, contact_id, 3, 'sms', 'sms', 'capture', '+14155550100', 'Your appointment is confirmed.', id::text
      from flow_executions where send_id = ${sendId}::uuid`.execute(tx),
  };
  const { rows: indexes } = await sql<{ name: string; table: string }>`
    select i.indexrelid::regclass::text as name, i.indrelid::regclass::text as table from pg_index i
    where i.indrelid = any(${Object.keys(writes)}::text[]::regclass[]) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
    order by 2, 1`.execute(db);
  return [
    { name: "condition of the triggers, for who completes", table: "flow_executions", takeAway: triggers, write: end("completed") },
    { name: "row that the triggers write, for who fails", table: "flow_executions", takeAway: triggers, write: end("failed") },
    ...indexes.flatMap(({ name, table }): Cost[] => {
      const write = writes[table];
      return write ? [{ name, table, takeAway: `drop index ${name}`, write }] : [];
    }),
  ];
}

async function measure(db: Db, { name, table, takeAway, write }: Cost, { rows, turns }: { rows: number; turns: number }) {
  const time = async (isWithout: boolean): Promise<number> => {
    let spent = Number.NaN;
    const undo = new Error("undo");
    await db
      .transaction()
      .execute(async (tx) => {
        if (isWithout) await sql.raw(takeAway).execute(tx);
        const begun = performance.now();
        await write(tx);
        spent = performance.now() - begun;
        throw undo;
      })
      .catch((error: unknown) => {
        if (error !== undo) throw error;
      });
    // The dead rows of the turn before must not slow this one down.
    await sql`vacuum ${sql.table(table)}`.execute(db);
    return spent;
  };
  const withIt: number[] = [];
  const without: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    without.push(await time(true));
    withIt.push(await time(false));
  }
  const [more, less] = [median(withIt), median(without)];
  return { name, table, addsMicrosecondsPerRow: round(((more - less) / rows) * 1000), addsPercent: round((more / less - 1) * 100) };
}
