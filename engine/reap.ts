import { sql } from "kysely";
import type { Tools } from "./advance.ts";
import type { QueuedJob } from "./drivers/driver.ts";
import { enrollPriority, lanePriority } from "./priorities.ts";
import type { WorkerIdentity } from "./sql/workers.ts";
import { beat, deadAfterSeconds, listLiving, takeDead } from "./sql/workers.ts";

/** Beats every second; looks for lost jobs, which should never be, less often. */
const lostJobsEveryMs = 10_000;

/**
 * Says that this worker is alive, frees the jobs of those that are not, and starts again what lost its job. Messages
 * that a dead worker left in `sending` are settled by whoever takes up its chunk, once their lease has run out.
 */
export function createReaper(tools: Tools): (worker: WorkerIdentity) => Promise<void> {
  let lookedAt = performance.now();
  return async (worker) => {
    const { db, log } = tools;
    await beat(db, worker);
    const freed = await freeOrphans(tools);
    if (freed > 0) log.warn({ workers: freed }, "workers stopped without signing off; their jobs are free again");
    if (performance.now() - lookedAt < lostJobsEveryMs) return;
    lookedAt = performance.now();
    await restartLost(tools);
  };
}

/**
 * Frees what is held by those who fell silent, and by those who never said a word: a worker may be killed before its
 * first beat, and then only its jobs tell of it. Returns how many they were.
 */
export async function freeOrphans({ db, driver }: Pick<Tools, "db" | "driver">): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const dead = await takeDead(tx);
    const living = new Set(await listLiving(tx));
    const unknown = (await driver.holders(tx, deadAfterSeconds)).filter((holder) => !living.has(holder));
    const orphaned = [...new Set([...dead, ...unknown])];
    if (orphaned.length > 0) await driver.release(tx, orphaned);
    return orphaned.length;
  });
}

/** Sends that are not at their end and whose next job may be gone: handed over anew, unless it is there after all. */
export async function restartLost({ db, driver }: Pick<Tools, "db" | "driver">): Promise<void> {
  const { rows } = await sql<{
    id: string;
    state: string;
    open_lanes: number[];
    lanes: number;
    chunk_size: number;
    expected: number;
    done: number;
    is_enrolling: boolean;
  }>`
    select id, open_lanes, lanes, chunk_size, expected, enrolled + not_enrolled as done, enrolled_at is null as is_enrolling
    from flow_sends
    where open_lanes <> '{}' and state in ('enrolling', 'running') and created_at < ${driver.clock.now} - interval '10 seconds'
    order by created_at limit 200`.execute(db);
  for (const send of rows) {
    const priority = lanePriority(send.expected);
    const firstChunk = await findFirstChunk(db, send);
    // While a send is being enrolled only its first lane is at work; the others begin with the last page.
    const lanes = send.is_enrolling ? send.open_lanes.filter((lane) => lane === 0) : send.open_lanes;
    const jobs: QueuedJob[] = lanes.map((lane) => {
      // The first chunk of this lane at or after the first one with work left.
      const chunk = lane + send.lanes * Math.max(0, Math.ceil((firstChunk - lane) / send.lanes));
      return { kind: "lane", sendId: send.id, lane, chunk, priority, tries: 1 };
    });
    if (send.is_enrolling) {
      jobs.push({
        kind: "enroll",
        sendId: send.id,
        after: await findLastEnrolled(db, send.id),
        done: send.done,
        priority: enrollPriority(send.expected),
      });
    }
    await driver.wake(db, jobs, { onlyIfAbsent: true });
  }
}

async function findFirstChunk(db: Tools["db"], send: { id: string; chunk_size: number }): Promise<number> {
  const { rows } = await sql<{ seq: number }>`
    select seq from flow_executions
    where send_id = ${send.id}::uuid and status in ('pending', 'running') and wake_at is null
    order by seq limit 1`.execute(db);
  return Math.floor((rows[0]?.seq ?? 0) / send.chunk_size);
}

/** Contacts are enrolled in the order of their ids, so the greatest one seen is where the next page begins. */
async function findLastEnrolled(db: Tools["db"], sendId: string): Promise<string | null> {
  const { rows } = await sql<{ contact_id: string | null }>`
    select contact_id from (
      (select contact_id from flow_executions where send_id = ${sendId}::uuid and contact_id is not null order by seq desc limit 1)
      union all
      (select contact_id from flow_send_skips where send_id = ${sendId}::uuid and reason <> 'contact_deleted' order by contact_id desc limit 1)
    ) seen order by contact_id desc limit 1`.execute(db);
  return rows[0]?.contact_id ?? null;
}
