import type { Reason } from "#contract/reasons.ts";
import { isSendGoing, isSendOver } from "#contract/sends.ts";
import type { PassWork } from "#contract/work-budget.ts";
import { WorkBudget } from "#contract/work-budget.ts";
import type { Db } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import { runFrom } from "../base/clock.ts";
import type { ChunkExecution, ChunkSend } from "../execution/chunk.ts";
import type { ContactRow } from "../execution/contact-rows.ts";
import { toContact } from "../execution/contact-rows.ts";
import type { ExecutionRow, SendRow } from "../execution/read-rows.ts";
import { readSends } from "../execution/read-rows.ts";
import { readVariables } from "../execution/variables.ts";

export interface LoadedSends {
  sends: ReadonlyMap<string, ChunkSend>;
  /** The database's time, running on from the read. */
  time: () => number;
}

export async function loadSends(db: Db, ids: readonly string[], clock: Clock): Promise<LoadedSends> {
  const rows = ids.length === 0 ? [] : await readSends(db, ids, clock);
  const time = runFrom(rows[0]?.now ?? new Date());
  return { sends: new Map(rows.map((row) => [row.id, toSend(row)])), time };
}

/** Whether a send goes on: it is neither paused nor over. */
export const isActive = (send: ChunkSend) => isSendGoing(send.state);

/** Why the executions of a send in this state begin nothing new. */
const cancelReasons: Record<string, Reason> = { stopped: "send_stopped", undone: "undone" };

function toSend(row: SendRow): ChunkSend {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    flowId: row.flow_id,
    state: row.state,
    isTest: row.is_test,
    skipsWaits: row.is_test && row.skips_waits,
    holdsRest: row.holds_rest && !isSendOver(row.state),
    lanes: row.lanes,
    chunkSize: row.chunk_size,
    expected: row.expected,
    seenPublication: row.seen_publication,
    oneByOne: row.one_by_one,
    enrolled: row.enrolled,
    enrolledAt: row.enrolled_at,
    trigger: toRecord(row.trigger) ?? {},
    // Only createSend writes it, and it judges every value before.
    given: (toRecord(row.given) ?? {}) as ChunkSend["given"],
    traceparent: row.traceparent,
    workspace: {
      name: row.workspace_name,
      timeZone: row.workspace_zone,
      country: row.workspace_country,
      postalAddress: row.postal_address,
    },
    notLaterThan: row.not_later_than?.getTime() ?? null,
    doubtRules: { email: row.email_in_doubt, sms: row.sms_in_doubt },
  };
}

const toRecord = (value: unknown) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined);

export function toExecution(
  row: ExecutionRow,
  send: ChunkSend,
  { flow, beganAt, work }: { flow: ChunkExecution["flow"]; beganAt: number; work: PassWork },
): ChunkExecution {
  return {
    id: row.id,
    send,
    flow,
    row: {
      seq: row.seq,
      flowVersionId: row.flow_version_id,
      contactId: row.contact_id,
      from: { visit: row.visit, attempt: row.attempt },
      startedAt: row.started_at,
      beganAt,
      wakeAt: row.wake_at,
      seenPublication: row.seen_publication ?? send.seenPublication,
      trigger: toRecord(row.trigger_data) ?? send.trigger,
      reach: { reached: row.reached, missed: row.missed ?? [] },
      retriedVisit: row.retried_visit,
      byPerson: { skippedVisit: row.skipped_visit, movedVisit: row.moved_visit },
      depth: row.depth,
      parentWaits: row.parent_waits,
    },
    cursor: {
      nodeId: row.current_node_id,
      visit: row.visit,
      attempt: row.attempt,
      resumed: row.waiting_for,
      waiting: undefined,
      child: undefined,
      call: undefined,
      drawnFrom: undefined,
    },
    memory: {
      contact: row.contact_id === null ? null : toContact(row as ContactRow),
      cancel: row.cancel_reason ?? cancelReasons[send.state] ?? null,
      visitsOf: undefined,
      knownSteps: undefined,
      knownMessages: undefined,
      variables: row.variables === null ? null : readVariables(row.variables),
      outputs: null,
      replies: [],
      lastMessageVisit: 0,
      errorMessage: row.error_message,
      failedReason: row.ended_reason,
    },
    writes: {
      newSteps: [],
      closedStep: undefined,
      pending: undefined,
      dropped: [],
      wait: undefined,
      ending: undefined,
      tally: [],
      variablesChanged: false,
      moved: undefined,
    },
    awaitsMove: false,
    work: new WorkBudget(work),
    leftAlone: null,
  };
}
