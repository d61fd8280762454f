import { sql } from "kysely";
import { Selection } from "#contract/contacts.ts";
import type { Reason } from "#contract/reasons.ts";
import type { SendStart } from "#contract/sends.ts";
import { Narrowing } from "#contract/who-not.ts";
import type { Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import type { EnrollingSend } from "./enroll-page-rows.ts";

export type OpenSend = EnrollingSend & { notEnrolled: number; lanes: number; chunkSize: number; expected: number; traceparent?: string };

/** Why contacts that were not enrolled when a send was stopped never will be. */
const refusals: Record<string, Reason> = { stopped: "send_stopped", undone: "undone" };

/** Reads a send whose audience was not looked at wholly. */
export async function readEnrolling(tx: Tx, sendId: string): Promise<OpenSend | undefined> {
  const { rows } = await sql<{
    id: string;
    workspace_id: string;
    flow_id: string;
    flow_version_id: string;
    source: string;
    is_test: boolean;
    selection: unknown;
    options: { metadata?: Record<string, unknown>; traceparent?: string; narrowing?: unknown };
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
      narrowing: Narrowing.parse(row.options.narrowing ?? {}),
      contactClock: row.start?.zone === "contact" ? { at: row.start.at, notBefore: row.undo_until } : null,
      expected: row.expected,
      enrolled: row.enrolled,
      notEnrolled: row.not_enrolled,
    }
  );
}

/**
 * Adds a page to the counters of its send, and after the last page ends the enrolment. It is a compare-and-set write.
 *
 * @returns false when another run of the same job has counted this page
 */
export async function countPage(
  tx: Tx,
  sendId: string,
  page: { done: number; enrolled: number; skipped: number; isLast: boolean },
  clock: Clock,
): Promise<boolean> {
  const { done, enrolled, skipped, isLast } = page;
  const { numAffectedRows } = await sql`
    update flow_sends set enrolled = enrolled + ${enrolled}, not_enrolled = not_enrolled + ${skipped},
      state = case when ${isLast} and state = 'enrolling' then 'running' else state end,
      expected = case when ${isLast} then enrolled + not_enrolled + ${enrolled + skipped}::int else expected end,
      enrolled_at = case when ${isLast} then ${clock.now} end
    where id = ${sendId}::uuid and enrolled + not_enrolled = ${done} and enrolled_at is null`.execute(tx);
  return Number(numAffectedRows) === 1;
}
