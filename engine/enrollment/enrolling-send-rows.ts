import { sql } from "kysely";
import { Selection } from "#contract/contacts.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import type { EnrollingSend } from "./enroll-page-rows.ts";
import { type EnteredSendRow, enteredSendColumns, toEnteredSend } from "./entered-send-rows.ts";

export type OpenSend = EnrollingSend & {
  notEnrolled: number;
  lanes: number;
  chunkSize: number;
  expected: number;
  traceparent?: string;
  /** Whether it begins with a few. */
  hasCanary: boolean;
};

/** Why contacts that were not enrolled when a send was stopped never will be. */
const refusals: Record<string, Reason> = { stopped: "send_stopped", undone: "undone", refused: "not_approved" };

/** Reads a send whose audience was not looked at wholly. One that waits for an approval, or for its planned start after it, is not enrolled yet. */
export async function readEnrolling(tx: Tx, sendId: string): Promise<OpenSend | undefined> {
  const { rows } = await sql<Row>`
    select ${enteredSendColumns}, s.selection, coalesce(s.options ->> 'audienceAt', s.created_at::text) as created_at, s.lanes, s.chunk_size,
      s.expected, s.not_enrolled, s.state, a.state as approval, a.own_values,
      exists (select from send_canaries k where k.send_id = s.id) as has_canary
    from flow_sends s left join send_approvals a on a.workspace_id = s.workspace_id and a.send_id = s.id
    where s.id = ${sendId}::uuid and s.enrolled_at is null and s.state <> 'awaiting_approval' and s.enroll_after is null`.execute(tx);
  const row = rows[0];
  return (
    row && {
      ...toEnteredSend(row),
      selection: Selection.parse(row.selection),
      createdAt: row.created_at,
      traceparent: row.options.traceparent,
      lanes: row.lanes,
      chunkSize: row.chunk_size,
      refusal: refusals[row.approval === "refused" ? row.approval : row.state] ?? null,
      ...(row.own_values && { own: new Map(Object.entries(row.own_values)) }),
      expected: row.expected,
      notEnrolled: row.not_enrolled,
      hasCanary: row.has_canary,
    }
  );
}

interface Row extends EnteredSendRow {
  options: EnteredSendRow["options"] & { traceparent?: string };
  selection: unknown;
  created_at: string;
  lanes: number;
  chunk_size: number;
  expected: number;
  not_enrolled: number;
  state: string;
  approval: string | null;
  own_values: Record<string, Record<string, never>> | null;
  has_canary: boolean;
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
