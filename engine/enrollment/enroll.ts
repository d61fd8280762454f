import { sql } from "kysely";
import { Selection } from "#contract/contacts.ts";
import type { ReEntryRule } from "#contract/node-definition.ts";
import type { Reason } from "#contract/reasons.ts";
import type { SendStart } from "#contract/sends.ts";
import type { Tx } from "#db/client.ts";
import { isUniqueViolation } from "#db/errors.ts";
import { breakPoint } from "../base/break-point.ts";
import type { EngineContext } from "../engine-context.ts";
import { closeIfDone } from "../execution/counter-rows.ts";
import type { ReadyFlow } from "../flow/flow-graph.ts";
import type { QueuedJob } from "../jobs/driver.ts";
import { enrollJob, isSmall, turnJobs } from "../jobs/jobs.ts";
import { transactThenRing } from "../jobs/ring.ts";
import type { EnrollingSend } from "./enroll-page-rows.ts";
import { enrollPage, skipMissing } from "./enroll-page-rows.ts";
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
      () => enroll(context, tx, send, { after: job.after, limit: context.workSizes.enrollPage, rule: ruleOf(flow), done: job.done }),
      { parent: send.traceparent, facts: { "sluice.send": send.id } },
    );
    // The first messages leave while others are still being enrolled, but enrolling keeps most of the machine.
    // Whoever stops the send takes the send's row and this job's key in the same order.
    if (page.next) await driver.wake(tx, [page.next]);
    else await addLanes(tx, send.id, { first: 1, count: send.lanes - 1 }, context.clock);
    ring(turnJobs(send.workspaceId, { quick: isSmall(send), turns: page.next ? 1 : send.lanes }));
    await breakPoint("page-enrolled");
  }).catch((error: unknown) => {
    // The other run of this job wrote these seats in the meantime.
    if (!(error instanceof StalePage) && !isUniqueViolation(error)) throw error;
  });
}

class StalePage extends Error {}

export type OpenSend = EnrollingSend & { notEnrolled: number; lanes: number; chunkSize: number; expected: number; traceparent?: string };

/** Enrols one page, updates the send's counters, and after the last page ends the enrolment. */
export async function enroll(
  { clock }: Pick<EngineContext, "clock">,
  tx: Tx,
  send: OpenSend,
  page: { after: string | null; limit: number; rule: ReEntryRule; done: number },
): Promise<{ next: QueuedJob | undefined; enrolled: number }> {
  const result = await enrollPage(tx, send, page, clock);
  const isFirst = page.after === null;
  const missing = isFirst && send.selection.type === "ids" ? await skipMissing(tx, send, send.selection.ids) : 0;
  const isLast = result.looked < page.limit;
  const skipped = result.skipped + missing;
  // Compare and set, and last: the row of the send is where its lanes meet.
  const { numAffectedRows } = await sql`
    update flow_sends set enrolled = enrolled + ${result.enrolled}, not_enrolled = not_enrolled + ${skipped},
      state = case when ${isLast} and state = 'enrolling' then 'running' else state end,
      expected = case when ${isLast} then enrolled + not_enrolled + ${result.enrolled + skipped}::int else expected end,
      enrolled_at = case when ${isLast} then ${clock.now} end
    where id = ${send.id}::uuid and enrolled + not_enrolled = ${page.done} and enrolled_at is null`.execute(tx);
  if (Number(numAffectedRows) !== 1) throw new StalePage();
  if (isLast) await closeIfDone(tx, send.id, clock);
  const done = page.done + result.enrolled + skipped;
  return { next: isLast ? undefined : enrollJob(send, { after: result.last, done }), enrolled: result.enrolled };
}

/** The re-entry rule of a flow. A version that cannot be read lets everybody in; each execution then shows what is wrong with it. */
export function ruleOf(flow: ReadyFlow | undefined): ReEntryRule {
  if (!flow || flow.problem !== undefined) return { rule: "any_time" };
  const entry = flow.nodes.get(flow.entry);
  return entry?.definition.reEntry?.(entry.config) ?? { rule: "any_time" };
}

/** Why contacts that were not enrolled when a send was stopped never will be. */
const refusals: Record<string, Reason> = { stopped: "send_stopped", undone: "undone" };

async function readEnrolling(tx: Tx, sendId: string): Promise<OpenSend | undefined> {
  const { rows } = await sql<{
    id: string;
    workspace_id: string;
    flow_id: string;
    flow_version_id: string;
    source: string;
    is_test: boolean;
    selection: unknown;
    options: { metadata?: Record<string, unknown>; traceparent?: string };
    created_at: string;
    lanes: number;
    chunk_size: number;
    expected: number;
    enrolled: number;
    not_enrolled: number;
    state: string;
    start: SendStart | null;
    undo_until: string | null;
  }>`
    select id, workspace_id, flow_id, flow_version_id, source, is_test, selection, options, created_at::text, lanes, chunk_size, expected,
      enrolled, not_enrolled, state, start, undo_until::text
    from flow_sends where id = ${sendId}::uuid and enrolled_at is null`.execute(tx);
  const row = rows[0];
  return (
    row && {
      id: row.id,
      workspaceId: row.workspace_id,
      flowId: row.flow_id,
      flowVersionId: row.flow_version_id,
      source: row.source,
      isTest: row.is_test,
      selection: Selection.parse(row.selection),
      createdAt: row.created_at,
      metadata: row.options.metadata ?? {},
      traceparent: row.options.traceparent,
      lanes: row.lanes,
      chunkSize: row.chunk_size,
      refusal: refusals[row.state] ?? null,
      contactClock: row.start?.zone === "contact" ? { at: row.start.at, notBefore: row.undo_until } : null,
      expected: row.expected,
      enrolled: row.enrolled,
      notEnrolled: row.not_enrolled,
    }
  );
}
