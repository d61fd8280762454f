import { type RawBuilder, sql } from "kysely";
import type { Selection } from "#contract/contacts.ts";
import type { FrozenLaunch } from "#contract/judge-launch.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db, Tx } from "#db/client.ts";
import { matchesSelection } from "#db/queries/contact-filter.ts";
import { isNotBinned } from "#db/queries/contact-rows.ts";
import { textArray, uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import { goesOneByOne } from "../execution/one-by-one-rows.ts";
import { ownVariables } from "../flow/freeze-launch.ts";
import { asksWhoIsIn, type EntryRule } from "../flow/rule-of.ts";
import type { EnteredSend } from "./entered-send-rows.ts";
import { judgeEntry, wakeUpTime } from "./judge-entry-rows.ts";
import { asksAboutFlows } from "./narrowing-rows.ts";

export interface EnrollingSend extends EnteredSend {
  selection: Selection;
  /** As text, with every digit. The audience is the contacts that existed at this moment. */
  createdAt: string;
  /** Why no contact may enter any more, when the send was stopped. */
  refusal: Reason | null;
  /** The values that the flow asks for which single contacts have. Few have them, and all of them are on the first page. */
  own?: FrozenLaunch["own"];
}

export interface EnrolledPage {
  looked: number;
  enrolled: number;
  skipped: number;
  last: string | null;
}

/**
 * Enrols one page of the audience in one statement: executions for contacts that may enter, rows with a reason for those
 * that may not. The filter is the same one that the table of contacts uses.
 */
export async function enrollPage(
  tx: Tx,
  send: EnrollingSend,
  page: { after: string | null; limit: number; rule: EntryRule },
  clock: Clock,
): Promise<EnrolledPage> {
  await lockEntrances(tx, send, page.rule);
  // A filter means the contacts that existed when the send was made; ids mean exactly these contacts.
  const frozen = send.selection.type === "filter" ? sql`and contacts.created_at <= ${send.createdAt}::timestamptz` : sql``;
  const after = page.after === null ? sql`` : sql`and contacts.id > ${page.after}::uuid`;
  const wakeAt = send.contactClock ? wakeUpTime(send, send.contactClock, clock) : sql`null::timestamptz`;
  const own = [...(send.own ?? [])];
  const variables = own.length === 0 ? sql`null::jsonb` : sql`own.variables::jsonb`;
  const withOwn =
    own.length === 0
      ? sql``
      : sql`left join unnest(${uuidArray(own.map(([id]) => id))}::uuid[],
          ${textArray(own.map(([, values]) => jsonOf(ownVariables(values))))}::text[]) as own (contact_id, variables) on own.contact_id = page.id`;
  const { rows } = await sql<EnrolledPage>`
    with of_send as materialized (
      select id, workspace_id from flow_sends where id = ${send.id}::uuid
    ), page as materialized (
      select contacts.id, contacts.time_zone from contacts
      where contacts.workspace_id = ${send.workspaceId} and ${matchesSelection(send.selection)} ${frozen} ${after}
      order by contacts.id limit ${page.limit}
    ), held as materialized (
      -- A deletion that is under way is waited for, and its contacts are not enrolled. Each contact is looked up where the page is
      -- read: before Postgres has counted the contacts it takes a page for one row, and would join two lists row by row.
      select page.id, page.time_zone, c.id is not null as is_here
      from page left join lateral (
        select h.id from contacts h
        where h.id = page.id and h.workspace_id = ${send.workspaceId} and ${isNotBinned("h")} for key share offset 0) c on true
    ), judged as materialized (
      select page.id, case when not page.is_here then 'contact_deleted' else ${judgeEntry(send, page.rule, clock)} end as reason,
        ${wakeAt} as wake_at, ${variables} as variables
      from held as page ${withOwn}
    ), ${entering(send, sql`judged where reason is null`)}, refused as (
      insert into flow_send_skips (send_id, workspace_id, contact_id, reason, variables)
      select s.id, s.workspace_id, judged.id, reason, ${own.length === 0 ? sql`null::jsonb` : sql`coalesce(variables, '{}')`}
      from judged cross join of_send s where reason is not null
      on conflict do nothing
      returning 1
    )
    select (select count(*) from page)::int as looked, (select count(*) from entered)::int as enrolled,
      (select count(*) from refused)::int as skipped, (select id from page order by id desc limit 1) as last`.execute(tx);
  return rows[0] ?? { looked: 0, enrolled: 0, skipped: 0, last: null };
}

/**
 * Enters the contacts of `who`, a table "judged" with `id`, `wake_at` and `variables`, into a send of the table "of_send", as two parts
 * of a statement: "entered" are their executions, and "asleep" the wake-ups of those that begin later.
 */
export const entering = (
  send: Pick<EnrollingSend, "id" | "flowId" | "flowVersionId" | "source" | "metadata" | "enrolled">,
  who: RawBuilder<unknown>,
  { seenPublication = sql`null::int` }: { seenPublication?: RawBuilder<unknown> } = {},
): RawBuilder<unknown> => sql`entered as (
      insert into flow_executions (flow_id, contact_id, workspace_id, source, metadata, send_id, flow_version_id, seq, wake_at, variables, seen_publication)
      select ${send.flowId}::uuid, judged.id, s.workspace_id, ${send.source}, ${JSON.stringify(send.metadata)}::jsonb, s.id,
        ${send.flowVersionId}::uuid, ${send.enrolled}::int + row_number() over (order by judged.id) - 1, wake_at, nullif(variables, '{}'), ${seenPublication}
      from (select * from ${who}) judged cross join of_send s
      returning id, workspace_id, wake_at
    ), asleep as (
      insert into wake_ups (flow_execution_id, workspace_id, flow_version_id, due_at, node_id, one_by_one)
      select entered.id, entered.workspace_id, ${send.flowVersionId}::uuid, entered.wake_at, '', ${goesOneByOne}
      from entered join flow_sends s on s.id = ${send.id}::uuid where entered.wake_at is not null
    )`;

const jsonOf = (value: object | null): string | null => value && JSON.stringify(value);

/** Two sends at the same time must not both find that a contact is not in the flow yet. */
export async function lockEntrances(
  tx: Tx,
  send: Pick<EnrollingSend, "workspaceId" | "flowId" | "narrowing">,
  rule: EntryRule,
): Promise<void> {
  const asks = asksAboutFlows(send.narrowing);
  if (asks === "workspace") await lockEntrance(tx, send.workspaceId);
  if (asks === "flow" || asksWhoIsIn(rule)) await lockEntrance(tx, send.flowId);
}

/** Lets one transaction at a time judge who may enter a flow, or any flow of a workspace, until it ends. */
export async function lockEntrance(tx: Tx, flowOrWorkspaceId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${flowOrWorkspaceId}, 2))`.execute(tx);
}

/** Records the ids that name no contact of this workspace, because it was deleted or never existed. One that the page has recorded is passed over. */
export async function skipMissing(tx: Tx, send: { id: string; workspaceId: string }, ids: readonly string[]): Promise<number> {
  const result = await sql`
    insert into flow_send_skips (send_id, workspace_id, contact_id, reason)
    select distinct s.id, s.workspace_id, wanted, 'contact_deleted'
    from unnest(${uuidArray(ids)}::uuid[]) as wanted cross join (select id, workspace_id from flow_sends where id = ${send.id}::uuid) s
    where not exists (select from contacts c where c.workspace_id = ${send.workspaceId} and c.id = wanted and ${isNotBinned("c")})
    on conflict do nothing`.execute(tx);
  return Number(result.numAffectedRows ?? 0);
}

/** Counts the contacts that match a selection now. */
export async function countSelection(tx: Tx, workspaceId: string, selection: Selection): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from contacts
    where contacts.workspace_id = ${workspaceId} and ${matchesSelection(selection)}`.execute(tx);
  return rows[0]?.count ?? 0;
}

/** Contacts are enrolled in the order of their ids, so the greatest one seen is where the next page begins. */
export async function findLastEnrolled(db: Db, sendId: string): Promise<string | null> {
  const { rows } = await sql<{ contact_id: string | null }>`
    select contact_id from (
      (select contact_id from flow_executions where send_id = ${sendId}::uuid and contact_id is not null order by seq desc limit 1)
      union all
      (select contact_id from flow_send_skips where send_id = ${sendId}::uuid and reason <> 'contact_deleted' order by contact_id desc limit 1)
    ) seen order by contact_id desc limit 1`.execute(db);
  return rows[0]?.contact_id ?? null;
}
