import { sql } from "kysely";
import type { Selection } from "#contract/contacts.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Drip, SendStart } from "#contract/sends.ts";
import type { Narrowing } from "#contract/who-not.ts";
import type { Tx } from "#db/client.ts";
import type { Clock } from "../base/clock.ts";
import { enrolledAtOnce } from "../jobs/work-sizes.ts";
import type { CreatedSend } from "../send-api.ts";

export interface StoredSend {
  workspace_id: string;
  flow_id: string;
  is_test: boolean;
  state: string;
  /** Whether it means the contacts that were asked about, with the same values, times and settings. */
  has_selection: boolean;
  enrolled: number;
}

/** Reads a send by its id, which the caller of the API may have chosen, whatever workspace it is in. */
export async function readStoredSend(
  tx: Tx,
  sendId: string,
  {
    selection,
    narrowing,
    launchHash = "",
    asked = null,
  }: { selection: Selection; narrowing: Narrowing; launchHash: string | undefined; asked: string | null | undefined },
): Promise<StoredSend | undefined> {
  const { rows } = await sql<StoredSend>`
    select workspace_id, flow_id, is_test, state, enrolled, selection = ${JSON.stringify(selection)}::jsonb
      and coalesce(options -> 'narrowing', '{}') = ${JSON.stringify(narrowing)}::jsonb
      and coalesce(options ->> 'launchHash', '') = ${launchHash}
      -- Versions before have not kept it.
      and coalesce(options ->> 'asked' = ${asked}, true) as has_selection
    from flow_sends where id = ${sendId}::uuid`.execute(tx);
  return rows[0];
}

export interface NewSend {
  /** Undefined: the database makes the id. */
  id: string | undefined;
  workspaceId: string;
  flowId: string;
  flowVersionId: string;
  source: string;
  selection: Selection;
  options: Record<string, unknown>;
  isTest: boolean;
  launchedBy: string | null;
  launchedByName: string | null;
  launchedFrom: string | null;
  chunkSize: number;
  lanes: number;
  expected: number;
  state: "enrolling" | "awaiting_approval";
  start: SendStart | undefined;
  drip: Drip | undefined;
  /** Seconds in which the send can be undone; 0 for none. */
  undoSeconds: number;
  /** A time on the workspace's clock. */
  notLaterThan: string | undefined;
  oncePerAddress: boolean;
  lastPublication: number;
  savedLaunchId: string | undefined;
  /** The forecast that it names, and what that one must have been asked. */
  forecast: { id: string; questionHash: string } | undefined;
}

export interface InsertedSend {
  id: string;
  /** As text, with every digit. */
  created_at: string;
  undo_until: string | null;
  starts_later: boolean;
  made_at: Date;
  start_at: Date | null;
  not_later_than: Date | null;
}

/**
 * Inserts a send. `on conflict` names no column on purpose: the table has two unique keys with the id. With one of them
 * named, Postgres takes the other for a mistake, and of two inserts at the same moment one failed with 23505.
 *
 * Waits for another transaction that inserts the same id, and returns undefined if that one commits.
 */
export async function insertSend(tx: Tx, send: NewSend, clock: Clock): Promise<InsertedSend | undefined> {
  const { start, drip, undoSeconds, notLaterThan } = send;
  const onClock = (time: string | undefined) =>
    time === undefined
      ? sql`null::timestamptz`
      : sql`(select ${time}::timestamp at time zone w.time_zone from workspaces w where w.id = ${send.workspaceId})`;
  const startAt = onClock(start?.zone === "workspace" ? start.at : undefined);
  const forecastId = send.forecast
    ? sql`(select k.id from forecasts k where k.workspace_id = ${send.workspaceId} and k.id = ${send.forecast.id}::uuid
        and k.state = 'done' and k.question_hash = ${send.forecast.questionHash})`
    : sql`null::uuid`;
  const savedLaunchId =
    send.savedLaunchId === undefined
      ? sql`null::uuid`
      : sql`(select l.id from saved_launches l where l.workspace_id = ${send.workspaceId} and l.id = ${send.savedLaunchId}::uuid
          and (l.is_shared or l.made_by = ${send.launchedBy}::uuid))`;
  const { rows } = await sql<InsertedSend>`
    insert into flow_sends (id, state, workspace_id, flow_id, flow_version_id, source, selection, options, is_test, launched_by, launched_by_name,
      launched_from, chunk_size, lanes, expected, created_at, undo_until, start, start_at, next_at, drip, not_later_than, address_scope, seen_publication,
      forecast_id, saved_launch_id)
    select new.id, ${send.state}, ${send.workspaceId}, ${send.flowId}::uuid,
      ${send.flowVersionId}::uuid, ${send.source}, ${JSON.stringify(send.selection)}::jsonb, ${JSON.stringify(send.options)}::jsonb, ${send.isTest},
      ${send.launchedBy}::uuid, ${send.launchedByName}, ${send.launchedFrom}, ${send.chunkSize}, ${send.lanes},
      ${send.expected}, ${clock.now}, case when ${undoSeconds} > 0 then ${clock.now} + ${undoSeconds} * interval '1 second' end,
      ${start ? JSON.stringify(start) : null}::jsonb, ${startAt}, ${startAt}, ${drip ? JSON.stringify(drip) : null}::jsonb, ${onClock(notLaterThan)},
      case when ${send.oncePerAddress}::boolean then new.id end, ${send.lastPublication}, ${forecastId}, ${savedLaunchId}
    from (select coalesce(${send.id ?? null}::uuid, private.uuid_v7()) as id) new
    on conflict do nothing
    returning id, created_at::text, undo_until::text, undo_until is not null or start is not null as starts_later,
      created_at as made_at, start_at, not_later_than`.execute(tx);
  return rows[0];
}

/** Reads what became of the contacts of a send that was enrolled before the answer. */
export async function readEnrolled(tx: Tx, sendId: string, enrolled: number): Promise<Pick<CreatedSend, "executionId" | "skipped">> {
  const executions = enrolled === 1 ? await tx.selectFrom("flow_executions").select("id").where("send_id", "=", sendId).execute() : [];
  const skips = await tx
    .selectFrom("flow_send_skips")
    .select(["contact_id", "reason"])
    .where("send_id", "=", sendId)
    .limit(enrolledAtOnce)
    .execute();
  return {
    executionId: executions[0]?.id ?? null,
    skipped: skips.map(({ contact_id, reason }) => ({ contactId: contact_id, reason: reason as Reason })),
  };
}
