import { sql } from "kysely";
import { z } from "zod";
import type { HealingBar, HealingRun } from "#contract/healing.ts";
import type { Drip, SendState } from "#contract/sends.ts";
import type { Db, Tx } from "#db/client.ts";
import { hasOpenCanary } from "#db/queries/send-going.ts";
import type { Clock } from "../base/clock.ts";
import { type EnteredSend, type EnteredSendRow, enteredSendColumns, toEnteredSend } from "../enrollment/entered-send-rows.ts";
import type { Actor } from "../send-api.ts";

/** One press, as it is kept with its send. */
export const Press = z.object({
  /** Those who were left out are looked at first, then those whose message did not leave. */
  stage: z.enum(["left_out", "messages", "over"]),
  /** Where the next page begins: behind this contact, or behind this number in the send. */
  after: z.string().nullable(),
  /** How many contacts more it may send to; null where not all of the send was counted before. */
  most: z.number().nullable(),
  startedAt: z.string(),
  startedById: z.string().nullable(),
  startedByName: z.string().nullable(),
  enrolled: z.number(),
  continued: z.number(),
  /** When the next contact of a drip begins, in milliseconds since 1970. */
  dripFrom: z.number().nullable(),
});
export type Press = z.infer<typeof Press>;

/** A send whose contacts may be sent to again, as the statements that judge them want it. */
export interface HealedSend extends EnteredSend {
  refusal: null;
  /** Whether single contacts have values of their own. */
  hasOwnValues: boolean;
  addressScope: string | null;
  drip: Drip | null;
  zone: string;
  /** In milliseconds since 1970. */
  now: number;
  bar: HealingBar | null;
  press: Press | null;
}

/** The states of a send in which those who can be reached now are sent to. */
const openStates: readonly SendState[] = ["running", "paused", "done"];

/** Reads a send, and what keeps everybody from being sent to. `press` is left as it is stored. */
export async function readHealedSend(
  db: Db,
  { workspaceId, sendId }: { workspaceId?: string; sendId: string },
  clock: Clock,
): Promise<HealedSend | undefined> {
  const { rows } = await sql<Row>`
    select ${enteredSendColumns}, s.state, s.address_scope, s.drip, s.healing, w.time_zone as zone, extract(epoch from ${clock.now})::float8 * 1000 as now,
      ${hasOpenCanary(sql`s.id`)} as holds_rest, s.enrolled_at is null as is_enrolling, coalesce(greatest(s.undo_until, s.start_at) > ${clock.now}, false) as is_before,
      coalesce(s.not_later_than <= ${clock.now}, false) as is_late, s.enrolled > 0 and s.selection = '{"type": "ids", "ids": []}' as is_forgotten,
      (select case when f.deleted_at is not null then 'flow_gone' when f.archived_at is not null then 'flow_archived' end from flows f
        where f.workspace_id = s.workspace_id and f.id = s.flow_id) as flow_bar
    from flow_sends s join workspaces w on w.id = s.workspace_id
    where s.id = ${sendId}::uuid ${workspaceId === undefined ? sql`` : sql`and s.workspace_id = ${workspaceId}`}`.execute(db);
  const [row] = rows;
  return (
    row && {
      ...toEnteredSend(row),
      refusal: null,
      hasOwnValues: typeof row.options.givenApart === "number",
      addressScope: row.address_scope,
      drip: row.drip,
      zone: row.zone,
      now: row.now,
      bar: barOf(row),
      press: row.healing === null ? null : Press.parse(row.healing),
    }
  );
}

interface Row extends EnteredSendRow {
  options: EnteredSendRow["options"] & { givenApart?: unknown };
  state: SendState;
  address_scope: string | null;
  drip: Drip | null;
  healing: unknown;
  zone: string;
  now: number;
  is_enrolling: boolean;
  is_before: boolean;
  holds_rest: boolean;
  is_late: boolean;
  is_forgotten: boolean;
  flow_bar: HealingBar | null;
}

function barOf(row: Row): HealingBar | null {
  if (row.state === "stopped" || row.state === "undone") return "over";
  if (row.state === "awaiting_approval") return "awaits_approval";
  if (row.is_enrolling) return "enrolling";
  if (row.holds_rest) return "few_first";
  if (row.is_before || !openStates.includes(row.state)) return "not_begun";
  if (row.is_test) return "is_test";
  if (row.is_late) return "too_late";
  return row.is_forgotten ? "forgotten" : row.flow_bar;
}

export const isPressOpen = (press: Press | null): press is Press => press !== null && press.stage !== "over";

export const toRun = (press: Press): HealingRun => ({
  isRunning: isPressOpen(press),
  startedAt: press.startedAt,
  startedById: press.startedById,
  startedByName: press.startedByName,
  enrolled: press.enrolled,
  continued: press.continued,
});

/** Notes a press, of which one is under way at a time. Returns it as it is stored; undefined where another one began since the send was read, or the send is over. */
export async function beginPress(tx: Tx, send: HealedSend, most: number | null, actor: Actor, clock: Clock): Promise<Press | undefined> {
  const { rows } = await sql<{ healing: unknown }>`
    update flow_sends set ended_at = null, state = case when state = 'done' then 'running' else state end,
      healing = jsonb_build_object('stage', 'left_out', 'after', null, 'most', ${most}::int, 'enrolled', 0, 'continued', 0, 'dripFrom', null,
        'startedAt', to_char(${clock.now} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'startedById', ${actor.id}::text, 'startedByName', ${actor.name}::text)
    where id = ${send.id}::uuid and state = any(${openStates as string[]}::text[]) and enrolled_at is not null
      and healing is not distinct from ${send.press === null ? null : JSON.stringify(send.press)}::jsonb
    returning healing`.execute(tx);
  return rows[0] && Press.parse(rows[0].healing);
}

/**
 * Writes how far a press has come, and those who entered. It is a compare-and-set write.
 *
 * @returns false when another run of the same page was faster, or the send was stopped meanwhile
 */
export async function movePress(tx: Tx, send: HealedSend, to: Press, entered: number): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update flow_sends set healing = ${JSON.stringify(to)}::jsonb, enrolled = enrolled + ${entered}, not_enrolled = not_enrolled - ${entered}
    where id = ${send.id}::uuid and healing = ${JSON.stringify(send.press)}::jsonb and enrolled = ${send.enrolled}
      and state = any(${openStates as string[]}::text[])`.execute(tx);
  return Number(numAffectedRows) === 1;
}

/** Ends a press where it stands. */
export async function endPress(tx: Tx, sendId: string): Promise<void> {
  await sql`update flow_sends set healing = healing || '{"stage": "over"}' where id = ${sendId}::uuid and healing ->> 'stage' <> 'over'`.execute(
    tx,
  );
}
