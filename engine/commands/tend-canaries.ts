import { insertAuditEntry } from "#db/queries/audit-log.ts";
import { turnsPerWorker } from "#db/queries/turn-limit.ts";
import { breakPoint } from "../base/break-point.ts";
import type { EngineContext } from "../engine-context.ts";
import { openRest } from "../enrollment/open-rest.ts";
import { turnJobs } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { countSeen, listOpenCanaries, type OpenCanary, readOpenCanary, writeHeld, writeSeen } from "./canary-watch-rows.ts";
import { lockSend } from "./control-send.ts";
import { type CanaryVerdict, judgeCanary } from "./judge-canary.ts";

/** Who decides where no person does, as the audit log names it. */
const judge = "Canary";

/**
 * Looks how the few of all sends go that begin with some: writes what was seen of them, lets the rest follow when they were watched
 * and went well, and holds it otherwise. Any number of workers may do this at once: what is decided is decided once, under the lock of
 * the send. Killed anywhere, the next look of any worker goes on.
 *
 * @returns how many sends were decided
 */
export async function tendCanaries(context: EngineContext): Promise<number> {
  let decided = 0;
  for (const canary of await listOpenCanaries(context.db, context.clock)) {
    if (await tend(context, canary)) decided += 1;
  }
  return decided;
}

async function tend(context: EngineContext, canary: OpenCanary): Promise<boolean> {
  const { db } = context;
  const seen = await countSeen(db, canary);
  const verdict = judgeCanary({ ...canary, seen }, canary.now);
  const isNew = JSON.stringify(seen) !== JSON.stringify(canary.seen) || verdict.watchedSince !== canary.watchedSince;
  if (isNew) await writeSeen(db, canary.sendId, { seen, watchedSince: verdict.watchedSince });
  await breakPoint("canary-seen");
  if (verdict.decision === "wait" || canary.isHeld) return false;
  const isDecided = await decide(context, canary);
  await breakPoint("canary-decided");
  return isDecided;
}

/** Decides under the lock of the send, by what is so at that moment. */
async function decide(context: EngineContext, { workspaceId, sendId }: OpenCanary): Promise<boolean> {
  const { clock, log } = context;
  return transactThenRing(context, async (tx, ring) => {
    await lockSend(tx, { workspaceId, sendId }, context);
    const canary = await readOpenCanary(tx, sendId, clock);
    if (!canary || canary.isHeld) return false;
    const seen = await countSeen(tx, canary);
    const verdict = judgeCanary({ ...canary, seen }, canary.now);
    if (verdict.decision === "wait") return false;
    await writeSeen(tx, sendId, { seen, watchedSince: verdict.watchedSince });
    if (verdict.decision === "hold") {
      await writeHeld(tx, canary, verdict.findings, clock);
      log.warn({ workspaceId, sendId, findings: verdict.findings }, "the rest of a send is held, because its few did not go well");
    } else {
      await openRest(tx, { id: sendId, lanes: canary.lanes, allIn: true }, { by: "itself", name: null }, clock);
      ring([...turnJobs(workspaceId, { quick: true }), ...turnJobs(workspaceId, { quick: false, turns: turnsPerWorker })]);
    }
    await note(tx, { ...canary, seen }, verdict);
    await breakPoint("canary-deciding");
    return true;
  });
}

const note = (tx: Parameters<typeof writeSeen>[0], { workspaceId, sendId, few, seen }: OpenCanary, { decision, findings }: CanaryVerdict) =>
  insertAuditEntry(tx, {
    workspaceId,
    actorId: null,
    actorName: judge,
    action: decision === "hold" ? "send.canary_held" : "send.canary_passed",
    subjectId: sendId,
    details: { few, seen, ...(decision === "hold" && { findings }) },
  });
