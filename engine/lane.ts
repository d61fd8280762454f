import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Tx } from "#db/client.ts";
import type { Tools } from "./advance.ts";
import { advanceChunk } from "./advance.ts";
import type { ChunkSend } from "./chunk.ts";
import type { Job, QueuedJob } from "./drivers/driver.ts";
import { isActive, loadSends } from "./load-chunk.ts";
import { lanePriority } from "./priorities.ts";
import { inChunk } from "./sql/read-chunk.ts";

type LaneJob = Extract<Job, { kind: "lane" }> & { tries: number; failures?: number };

/** How soon to look again while the next chunk is still being enrolled; shorter than a queue can be asked to wait. */
const enrollingDelayMs = 50;
/** How soon to look again at executions that another worker holds. */
const takenDelayMs = 1_000;

/**
 * Advances chunk k of a send and hands over chunk k + lanes. A send never holds more workers than it has lanes, so the
 * largest one leaves room for everybody else.
 */
export async function runLane(tools: Tools, job: LaneJob): Promise<void> {
  const { sends, time } = await loadSends(tools.db, [job.sendId], tools.clock);
  const send = sends.get(job.sendId);
  if (!send || !isActive(send)) return;
  // A chunk that is still filling up would be left half done: the lane comes by only once.
  if (send.enrolledAt === null && (job.chunk + 1) * send.chunkSize > send.enrolled) {
    await sleep(enrollingDelayMs);
    await tools.driver.wake(tools.db, [toQueued(job, send)]);
    return;
  }
  await advanceChunk(tools, inChunk(send.id, job.chunk, send.chunkSize), {
    send,
    time,
    withTraces: job.tries > 0,
    handOver: async (tx, { later, taken }) => {
      if (later + taken === 0) return handOverNext(tools, tx, job, send);
      const tries = taken > 0 ? job.tries + 1 : job.tries;
      const delayMs = taken > 0 && job.tries > 0 ? takenDelayMs : 0;
      await tools.driver.wake(tx, [{ ...toQueued(job, send), tries, delayMs }]);
    },
  });
}

async function handOverNext(tools: Tools, tx: Tx, job: LaneJob, send: ChunkSend): Promise<void> {
  const chunk = job.chunk + send.lanes;
  if (send.enrolledAt !== null && chunk * send.chunkSize >= send.enrolled) {
    await sql`update flow_sends set open_lanes = array_remove(open_lanes, ${job.lane}::int) where id = ${send.id}::uuid`.execute(tx);
    return;
  }
  await tools.driver.wake(tx, [{ ...toQueued(job, send), chunk, tries: 0, failures: 0 }]);
}

const toQueued = (job: LaneJob, send: ChunkSend): QueuedJob & LaneJob => ({ ...job, priority: lanePriority(send.expected) });
