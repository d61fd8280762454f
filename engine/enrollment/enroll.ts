import type { Tx } from "#db/client.ts";
import { isUniqueViolation } from "#db/errors.ts";
import { breakPoint } from "../base/break-point.ts";
import type { EngineContext } from "../engine-context.ts";
import { closeIfDone } from "../execution/counter-rows.ts";
import { type EntryRule, ruleOf } from "../flow/rule-of.ts";
import type { QueuedJob } from "../jobs/driver.ts";
import { enrollJob, isSmall, turnJobs } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import { forgetOwnValues } from "./approval-rows.ts";
import { drawCanary } from "./draw-canary.ts";
import { enrollPage, skipMissing } from "./enroll-page-rows.ts";
import { countPage, type OpenSend, readEnrolling } from "./enrolling-send-rows.ts";
import { pageFor } from "./page-size.ts";
import { addLanes } from "./send-lane-rows.ts";

/**
 * Enrols one page of a send's audience and hands over the next. `done` is how many contacts were looked at before this
 * page. If the send says otherwise, another run of the same job was faster, and this one changes nothing.
 */
export async function runEnroll(context: EngineContext, job: { sendId: string; after: string | null; done: number }): Promise<void> {
  const { driver } = context;
  await transactThenRing(context, async (tx, ring) => {
    const send = await readEnrolling(tx, job.sendId);
    if (!send || send.enrolled + send.notEnrolled !== job.done) return;
    const flow = (await context.flows.load(tx, [send.flowVersionId])).get(send.flowVersionId);
    const page = await context.tracer.span(
      "enrol page",
      () =>
        enroll(context, tx, send, {
          after: job.after,
          limit: pageFor(ruleOf(flow), send.narrowing, context.workSizes.enrollPage),
          rule: ruleOf(flow),
          done: job.done,
        }),
      { parent: send.traceparent, facts: { "sluice.send": send.id } },
    );
    // The first messages leave while others are still being enrolled, but enrolling keeps most of the machine.
    // Stopping the send takes the send's row and this job's key in the same order.
    if (page.next) await driver.wake(tx, [page.next]);
    else await endEnrolling(context, tx, send);
    ring(turnJobs(send.workspaceId, { quick: isSmall(send), turns: page.next ? 1 : send.lanes }));
    await breakPoint("page-enrolled");
  }).catch((error: unknown) => {
    // Another run of this job has enrolled this page in the meantime.
    if (!(error instanceof StalePage) && !isUniqueViolation(error)) throw error;
  });
}

async function endEnrolling({ clock }: EngineContext, tx: Tx, send: OpenSend): Promise<void> {
  await addLanes(tx, send.id, { first: 1, count: send.lanes - 1 }, clock);
  if (send.own) await forgetOwnValues(tx, { workspaceId: send.workspaceId, sendId: send.id });
}

class StalePage extends Error {}

/** Enrols one page, updates the send's counters, and after the last page ends the enrolment. */
export async function enroll(
  { clock }: Pick<EngineContext, "clock">,
  tx: Tx,
  send: OpenSend,
  page: { after: string | null; limit: number; rule: EntryRule; done: number },
): Promise<{ next: QueuedJob | undefined; enrolled: number }> {
  const result = await enrollPage(tx, send, page, clock);
  const isFirst = page.after === null;
  const missing = isFirst && send.selection.type === "ids" ? await skipMissing(tx, send, send.selection.ids) : 0;
  const isLast = result.looked < page.limit;
  const skipped = result.skipped + missing;
  const beginCanary = isLast && send.hasCanary ? await drawCanary(tx, send.id, clock) : undefined;
  // The counters come last, because the row of the send is where its lanes meet.
  const isCounted = await countPage(tx, send.id, { done: page.done, enrolled: result.enrolled, skipped, isLast }, clock);
  if (!isCounted) throw new StalePage();
  await beginCanary?.(send);
  if (isLast) await closeIfDone(tx, send.id, clock);
  const done = page.done + result.enrolled + skipped;
  return { next: isLast ? undefined : enrollJob(send, { after: result.last, done }), enrolled: result.enrolled };
}
