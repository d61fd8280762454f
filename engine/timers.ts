import { sql } from "kysely";
import type { Tools } from "./advance.ts";
import { advanceChunk } from "./advance.ts";
import { breakPoint } from "./break-point.ts";
import type { QueuedJob } from "./drivers/driver.ts";
import { advancePriority } from "./priorities.ts";
import { ofIds } from "./sql/read-chunk.ts";

const perPass = 5_000;
const chunkSize = 500;
/** If nobody has taken up a handed-over execution by then, it is due once more: a lost job is a delay, never a loss. */
const dueAgainSeconds = 120;
const takenDelayMs = 1_000;

/**
 * Hands over the executions whose time has come, by the database's clock, in chunks of one workspace and flow version.
 * Any number of workers may do this at once: each takes other rows. Returns how many were due.
 */
export async function runTimers({ db, clock, driver }: Tools): Promise<number> {
  const due = await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ id: string; workspace_id: string; flow_version_id: string }>`
      with due as (
        select flow_execution_id from wake_ups where due_at <= ${clock.now}
        order by due_at limit ${perPass} for update skip locked
      )
      update wake_ups w set due_at = ${clock.now} + ${dueAgainSeconds} * interval '1 second', generation = w.generation + 1
      from due where w.flow_execution_id = due.flow_execution_id
      returning w.flow_execution_id as id, w.workspace_id, w.flow_version_id`.execute(tx);
    if (rows.length > 0) await driver.wake(tx, toJobs(rows));
    return rows.length;
  });
  if (due > 0) await breakPoint("timers-handed-over");
  return due;
}

function toJobs(rows: readonly { id: string; workspace_id: string; flow_version_id: string }[]): QueuedJob[] {
  const jobs: QueuedJob[] = [];
  for (const group of Map.groupBy(rows, (row) => `${row.workspace_id} ${row.flow_version_id}`).values()) {
    for (let i = 0; i < group.length; i += chunkSize) {
      const executionIds = group.slice(i, i + chunkSize).map(({ id }) => id);
      jobs.push({ kind: "advance", executionIds, priority: advancePriority(executionIds.length) });
    }
  }
  return jobs;
}

/** A chunk of woken executions. */
export async function runAdvance(tools: Tools, job: { kind: "advance"; executionIds: string[]; tries: number }): Promise<void> {
  await advanceChunk(tools, ofIds(job.executionIds), {
    withTraces: true,
    handOver: async (tx, { later, taken }) => {
      if (later + taken === 0) return;
      const delayMs = taken > 0 && job.tries > 0 ? takenDelayMs : 0;
      await tools.driver.wake(tx, [{ ...job, tries: job.tries + 1, delayMs, priority: advancePriority(later + taken) }]);
    },
  });
}
