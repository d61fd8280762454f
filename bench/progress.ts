import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import type { BenchDatabase } from "./cluster.ts";
import { startServer } from "./product.ts";

/**
 * Measures what it costs to show the progress of a send, whatever its size: fifty watchers on a web server without a
 * worker. The statistics of Postgres then say how many rows of which table were read, so a query that counts rows shows.
 */
export async function watchProgress(
  bench: BenchDatabase,
  { sendId, workspaceId, quick }: { sendId: string; workspaceId: string; quick: boolean },
) {
  const watchers = quick ? 5 : 50;
  const seconds = quick ? 2 : 10;
  const server = await startServer(bench, "web");
  try {
    const client = server.owner.with({ "x-workspace-id": workspaceId });
    const before = await readRows(bench.db);
    const stop = new AbortController();
    let events = 0;
    const streams = Array.from({ length: watchers }, async () => {
      const response = await client.fetch(`/api/sends/${sendId}/events`, { signal: stop.signal });
      const text = new TextDecoder();
      for await (const part of response.body ?? []) events += text.decode(part, { stream: true }).split("data: ").length - 1;
    });
    await sleep(seconds * 1_000);
    stop.abort();
    for (const ended of await Promise.allSettled(streams)) {
      if (ended.status === "rejected" && !stop.signal.aborted) throw ended.reason;
    }
    // A session reports its statistics when it has been idle for a second.
    await sleep(1_500);
    const after = await readRows(bench.db);
    const read = Object.fromEntries(Object.entries(after).map(([table, rows]) => [table, rows - (before[table] ?? 0)]));
    const { flow_executions = 0, flow_execution_steps = 0, messages = 0, flow_send_skips = 0 } = read;
    return {
      watchers,
      seconds,
      events,
      rowsRead: read,
      rowsReadOfWork: flow_executions + flow_execution_steps + messages + flow_send_skips,
    };
  } finally {
    await server.stop();
  }
}

async function readRows(db: Db): Promise<Record<string, number>> {
  await sql`select pg_stat_clear_snapshot()`.execute(db);
  const { rows } = await sql<{ table: string; rows: number }>`
    select relname as table, (seq_tup_read + coalesce(idx_tup_fetch, 0))::float8 as rows from pg_stat_user_tables
    where schemaname = 'public' and relname = any(array['flow_sends', 'flow_executions', 'flow_execution_steps', 'messages', 'flow_send_skips'])`.execute(
    db,
  );
  return Object.fromEntries(rows.map((row) => [row.table, row.rows]));
}
