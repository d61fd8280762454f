import { sql } from "kysely";
import type { MessageKind } from "#contract/message-kinds.ts";
import type { Channel } from "#contract/messages.ts";
import type { Db } from "#db/client.ts";
import { isNotBinned } from "#db/queries/contact-rows.ts";
import { isGoing } from "#db/queries/send-going.ts";
import { numberArray, textArray, uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import type { ChunkExecution } from "../execution/chunk.ts";
import type { MessageResult } from "../execution/message-rows.ts";
import { leaseUntil, writeResults } from "../execution/message-rows.ts";
import { closing } from "../execution/save-rows.ts";
import type { NewStep } from "../execution/step-rows.ts";
import { stepColumns, stepInput, stepValues } from "../execution/step-rows.ts";
import { closesFor } from "./closed-address-rows.ts";
import type { ShortLink } from "./track-links.ts";

export interface Claim {
  executionId: string;
  from: { visit: number; attempt: number };
  flowVersionId: string;
  contactVersion: string;
  visit: number;
  attempt: number;
  nodeId: string;
  to: string;
  /** The sender that is kept with the message; null where the provider has none to name. */
  sender: string | null;
  subject: string | null;
  text: string;
  html: string | null;
  segments: number | null;
  /** Kept with the message before it leaves. */
  shortLinks: readonly ShortLink[];
}

/** The messages of a batch that are ours to send, and the executions whose address belongs to another contact of the send. */
export interface Claims {
  claimed: ReadonlyMap<string, ClaimedMessage>;
  duplicates: ReadonlySet<string>;
}

export interface ClaimedMessage {
  id: string;
  /** Whether it may have left at an earlier try. */
  wasInDoubt: boolean;
}

/** The messages of a batch, with what they have in common. */
export interface ClaimBatch {
  workspaceId: string;
  channel: Channel;
  kind: MessageKind;
  provider: string;
  isTest: boolean;
  sendIds: readonly string[];
  claims: readonly Claim[];
  /** Steps of these executions that are not written yet. */
  steps: readonly NewStep[];
  /** The executions among them whose wait has ended: how it ended is committed with the message. */
  woken: readonly ChunkExecution[];
  now: number;
  /** Results of the batch before. */
  results: readonly MessageResult[];
}

/**
 * Writes messages in state `sending`, the steps that led to them, and the results of the batch before, in one statement
 * that stands or falls as a whole. A message is claimed only if, at this very moment, the execution is where we think
 * it is, its send is not stopped, its contact is unchanged since it was looked at, and its address is not suppressed.
 * Returned are the messages that are ours to send, by execution. What is missing belongs to another worker or must be
 * looked at anew, such as one in doubt of which the history does not say yet that it is sent once more.
 *
 * In a send, each address receives the messages of one contact only (`address_scope`, null where the send allows duplicates). The first
 * claim of a contact at an address takes the address by a unique index, so two workers cannot both take it: the later
 * insert waits for the commit of the first and then writes nothing, and its execution is looked at anew. Rows are
 * inserted in the order of their addresses, so two claims never wait for each other in a circle. A `duplicate` is told
 * only where the contact that holds the address is already committed or is claimed by this very statement. Of several
 * contacts in one batch the one with the smallest id takes the address, as the preview of a send says.
 *
 * The execution is locked against being moved to another version until the claim is committed; one that is just being moved
 * is passed over. The contact is locked against being deleted until the claim is committed. A deletion that came before is waited for and
 * then seen; one that comes after finds the message and ends it as one in flight.
 *
 * The send is locked against being paused or stopped until the claim is committed, and its state is read under that lock:
 * after a stop has taken its own lock no claim can still be on its way, so what it counts as in flight is exact.
 *
 * Steps are inserted plainly: if another worker has written one of these visits, the statement fails (23505) and
 * nothing is claimed, so two workers can never act on two different paths of one execution.
 *
 * The look-ups are written one row at a time on purpose (lateral, offset 0). As joins, the planner, who knows nothing
 * yet of tables that were filled a second ago, walked through the whole send for every batch: 250 ms instead of 5. And
 * "is true" keeps the steps from being joined with `ready`, which it believes to be one row: every step with every claim.
 */
export async function claimMessages(db: Db, batch: ClaimBatch, clock: Clock): Promise<Claims> {
  const { claims, channel } = batch;
  const column = <T>(pick: (claim: Claim) => T) => claims.map(pick);
  const closed =
    batch.woken.length === 0
      ? sql``
      : sql`, closed as (
      ${closing(batch.woken, batch.now)} and (s.flow_execution_id in (select execution_id from ready)) is true
    )`;
  const links = claims.flatMap(({ executionId, shortLinks }) => shortLinks.map((link) => ({ executionId, ...link })));
  const shortened = links.length === 0 ? sql`` : sql`, shortened as (${keepShortLinks(links, channel)})`;
  const { rows } = await sql<{ id: string | null; flow_execution_id: string; was_in_doubt: boolean }>`
    with input as (
      select * from unnest(
        ${uuidArray(column((c) => c.executionId))}::uuid[], ${numberArray(column((c) => c.from.visit))}::int[],
        ${numberArray(column((c) => c.from.attempt))}::int[], ${textArray(column((c) => c.contactVersion))}::text[],
        ${numberArray(column((c) => c.visit))}::int[], ${numberArray(column((c) => c.attempt))}::int[],
        ${textArray(column((c) => c.nodeId))}::text[], ${textArray(column((c) => c.to))}::text[],
        ${textArray(column((c) => c.sender))}::text[],
        ${textArray(column((c) => c.subject))}::text[], ${textArray(column((c) => c.text))}::text[],
        ${textArray(column((c) => c.html))}::text[], ${numberArray(column((c) => c.segments))}::int[],
        ${uuidArray(column((c) => c.flowVersionId))}::uuid[]
      ) as i (execution_id, from_visit, from_attempt, contact_version, visit, attempt, node_id, to_address, from_address, subject, body, html,
        segments, version_id)
    ), open_sends as materialized (
      select id, address_scope from flow_sends
      where id = any(${uuidArray(batch.sendIds)}::uuid[]) and ${isGoing()}
        and (undo_until is null or undo_until <= ${clock.now})
      order by id for key share
    ), live as materialized (
      select i.*, e.workspace_id, e.send_id, e.contact_id, s.address_scope,
        (select m.id from messages m
          where m.flow_execution_id = i.execution_id and m.visit = i.visit and m.channel = ${channel}) as message_id,
        -- The contact that has taken the address in this send, or nobody we know where it was deleted since.
        (select coalesce(m.contact_id, '00000000-0000-0000-0000-000000000000') from messages m
          where m.address_scope = s.address_scope and m.channel = ${channel} and lower(m.to_address) = lower(i.to_address)) as holder_id
      from input i
      cross join lateral (
        select workspace_id, send_id, contact_id from flow_executions
        where id = i.execution_id and visit = i.from_visit and attempt = i.from_attempt and flow_version_id = i.version_id
          and status in ('pending', 'running') and cancel_reason is null
        for key share skip locked offset 0
      ) e
      join open_sends s on s.id = e.send_id
      cross join lateral (
        select c.xmin::text as version from contacts c
        where c.workspace_id = e.workspace_id and c.id = e.contact_id and ${isNotBinned("c")}
        for key share offset 0
      ) c
      where c.version = i.contact_version
        and not exists (
          select from suppressions x
          where x.workspace_id = e.workspace_id and x.channel = ${channel} and x.address = lower(i.to_address)
            and ${closesFor(batch.kind, "x")})
    ), placed as materialized (
      select live.*, coalesce(holder_id, first_value(contact_id) over twins) as owner_id,
        case when address_scope is null then true else first_value(execution_id) over twins = execution_id end as is_first,
        first_value(execution_id) over twins as first_id
      from live
      window twins as (partition by address_scope, lower(to_address) order by contact_id, execution_id)
    ), ready as materialized (
      select placed.*, case when is_first and holder_id is null then address_scope end as taken_scope
      from placed where address_scope is null or owner_id = contact_id
    ), written as (
      ${writeResults(batch.results, clock)}
    ), logged as (
      insert into flow_execution_steps (${stepColumns})
      select ${stepValues} from ${stepInput(batch.steps)}
      where (t.execution_id in (select execution_id from ready)) is true
    )${closed}, again as (
      update messages m
      set status = 'sending', attempt = r.attempt, lease_until = ${leaseUntil(clock)}, provider = ${batch.provider},
        to_address = r.to_address, from_address = r.from_address, subject = r.subject,
        body = r.body, html = r.html, segments = r.segments, reason = null, error_message = null,
        address_scope = coalesce(m.address_scope, r.taken_scope), updated_at = now()
      from ready r
      where m.id = any(array(select message_id from ready where message_id is not null)) and m.id = r.message_id
        and m.status = 'queued' and (m.reason is distinct from 'outcome_unknown' or m.attempt < r.attempt)
      returning m.id, m.flow_execution_id, m.was_in_doubt
    ), made as (
      insert into messages (workspace_id, flow_execution_id, send_id, contact_id, visit, node_id, channel, kind, provider, to_address,
        from_address, subject, body, html, segments, is_test, status, attempt, lease_until, address_scope)
      select workspace_id, execution_id, send_id, contact_id, visit, node_id, ${channel}, ${batch.kind}, ${batch.provider}, to_address, from_address,
        subject, body, html, segments, ${batch.isTest}::boolean, 'sending', attempt, ${leaseUntil(clock)}, taken_scope
      from ready where message_id is null order by lower(to_address), execution_id
      on conflict do nothing
      returning id, flow_execution_id, was_in_doubt
    ), claimed as (
      select * from made union all select * from again
    )${shortened}
    select * from claimed
    union all
    select null, execution_id, false from placed
    where address_scope is not null and owner_id <> contact_id
      and (holder_id is not null or first_id in (select flow_execution_id from claimed))`.execute(db);
  return {
    claimed: new Map(
      rows.flatMap(({ flow_execution_id, id, was_in_doubt }) =>
        id === null ? [] : [[flow_execution_id, { id, wasInDoubt: was_in_doubt }]],
      ),
    ),
    duplicates: new Set(rows.flatMap(({ flow_execution_id, id }) => (id === null ? [flow_execution_id] : []))),
  };
}

/** Where the short links of the claimed messages lead. A try that comes again finds them there. */
const keepShortLinks = (links: readonly ({ executionId: string } & ShortLink)[], channel: Channel) => sql`
  insert into tracked_links (workspace_id, flow_execution_id, visit, channel, send_id, contact_id, kind, url, code)
  select r.workspace_id, r.execution_id, r.visit, ${channel}, r.send_id, r.contact_id, 'click', l.url, l.code
  from claimed c join ready r on r.execution_id = c.flow_execution_id
  join unnest(${uuidArray(links.map(({ executionId }) => executionId))}::uuid[], ${textArray(links.map(({ url }) => url))}::text[],
    ${textArray(links.map(({ code }) => code))}::text[]) as l (execution_id, url, code) on l.execution_id = r.execution_id
  on conflict do nothing`;
