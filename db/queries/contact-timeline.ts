import { type RawBuilder, sql } from "kysely";
import { type TimelineEntry, type TimelineKind, type TimelineQuery, timelineKinds } from "#contract/contact-timeline.ts";
import type { Db } from "../client.ts";
import type { LabelOfType } from "./execution-rows.ts";
import { microseconds, moment, type Page, type Place, readPlace, toPage, writePlace } from "./newest-first.ts";
import { nodesOfVersions } from "./version-nodes.ts";

interface Row {
  kind: TimelineEntry["kind"];
  id: string;
  at: Date;
  position: number;
  flow_execution_id: string | null;
  flow_id: string | null;
  flow_version_id: string | null;
  is_test: boolean | null;
  flow_name: string | null;
  label: string | null;
  facts: Record<string, unknown>;
}

type Args = { workspaceId: string; contactId: string; labelOfType: LabelOfType } & TimelineQuery;

const list = "time line";
/** Steps are looked for in the newest flows of a contact that had begun by then, so that a page costs what it holds. */
const mostFlows = 500;
const longestText = 400;

/**
 * What happened with a contact, newest first: one page of each kind, each by its own index from its newest end, merged. Steps at which
 * a message left are told by the message.
 */
export async function listTimeline(db: Db, args: Args): Promise<Page<TimelineEntry>> {
  const { workspaceId, limit, labelOfType } = args;
  const place = readPlace(list, args.cursor);
  const kinds = new Set<TimelineKind>(args.kinds ?? timelineKinds);
  const parts = timelineKinds.filter((kind) => kinds.has(kind)).flatMap((kind) => partsOf[kind](args, place, limit + 1));
  const { rows } = await sql<Row>`
    with page as materialized (
      select * from (${sql.join(
        parts.map((part) => sql`select * from (${part}) part`),
        sql` union all `,
      )}) t
      order by at desc, id desc limit ${limit + 1}
    ),
    nodes as materialized (${nodesOfVersions(workspaceId, sql`select distinct flow_version_id from page where kind = 'step'`)})
    select page.*, ${microseconds("page.at")} as position, f.name as flow_name, nodes.label
    from page
    left join private.flow_names f on f.workspace_id = ${workspaceId} and f.id = page.flow_id
    left join nodes on nodes.version_id = page.flow_version_id and nodes.node_id = page.facts ->> 'nodeId'
    order by page.at desc, page.id desc`.execute(db);
  return toPage(rows, limit, toEntry(labelOfType), (row) => writePlace(list, { at: row.position, id: row.id }));
}

const isOlder = (at: string, id: string, place: Place | undefined): RawBuilder<unknown> =>
  place ? sql`(${sql.ref(at)}, ${sql.ref(id)}) < (${moment(place.at)}, ${place.id}::uuid)` : sql`true`;

/** The flows that a contact had entered by then, the newest first. */
const flowsBy = ({ workspaceId, contactId }: Args, place: Place | undefined, limit: number) => sql`
  select e.id, e.flow_id, e.flow_version_id, e.send_id, e.created_at, e.completed_at, e.status, e.ended_reason from flow_executions e
  where e.workspace_id = ${workspaceId} and e.contact_id = ${contactId}::uuid ${place ? sql`and e.created_at <= ${moment(place.at)}` : sql``}
  order by e.created_at desc limit ${limit}`;

const isTest = (workspaceId: string) =>
  sql`(select s.is_test from flow_sends s where s.workspace_id = ${workspaceId} and s.id = e.send_id)`;

const partsOf: Record<TimelineKind, (args: Args, place: Place | undefined, limit: number) => RawBuilder<unknown>[]> = {
  messages: ({ workspaceId, contactId }, place, limit) => [
    sql`
    select 'message' as kind, m.id, m.created_at as at, m.flow_execution_id, e.flow_id, null::uuid as flow_version_id, m.is_test,
      jsonb_build_object('channel', m.channel, 'subject', m.subject, 'text', left(m.body, ${longestText}), 'status', m.status, 'provider', m.provider,
        'reason', m.reason) as facts
    from (select * from messages m where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId}::uuid and ${isOlder("m.created_at", "m.id", place)}
      order by m.created_at desc, m.id desc limit ${limit}) m
    left join flow_executions e on e.workspace_id = ${workspaceId} and e.id = m.flow_execution_id`,
  ],
  replies: ({ workspaceId, contactId }, place, limit) => [
    sql`
    select 'reply' as kind, m.id, m.received_at as at, m.flow_execution_id, e.flow_id, null::uuid as flow_version_id, null::boolean as is_test,
      jsonb_build_object('channel', m.channel, 'text', left(m.body, ${longestText}), 'word', m.word, 'automatic', m.automatic) as facts
    from (select * from inbound_messages m where m.workspace_id = ${workspaceId} and m.contact_id = ${contactId}::uuid and ${isOlder("m.received_at", "m.id", place)}
      order by m.received_at desc, m.id desc limit ${limit}) m
    left join flow_executions e on e.workspace_id = ${workspaceId} and e.id = m.flow_execution_id`,
  ],
  flows: (args, place, limit) => [
    sql`
    select 'begun' as kind, e.id, e.created_at as at, e.id as flow_execution_id, e.flow_id, null::uuid as flow_version_id, ${isTest(args.workspaceId)} as is_test,
      '{}'::jsonb as facts
    from (${flowsBy(args, place, mostFlows)}) e where ${isOlder("e.created_at", "e.id", place)} order by e.created_at desc, e.id desc limit ${limit}`,
    sql`
    select 'ended' as kind, e.id, e.completed_at as at, e.id as flow_execution_id, e.flow_id, null::uuid as flow_version_id, ${isTest(args.workspaceId)} as is_test,
      jsonb_build_object('status', e.status, 'reason', e.ended_reason) as facts
    from (${flowsBy(args, place, mostFlows)}) e where e.completed_at is not null and ${isOlder("e.completed_at", "e.id", place)}
    order by e.completed_at desc, e.id desc limit ${limit}`,
  ],
  steps: (args, place, limit) => [
    sql`
    select 'step' as kind, s.id, s.at, e.id as flow_execution_id, e.flow_id, e.flow_version_id, ${isTest(args.workspaceId)} as is_test,
      jsonb_build_object('nodeId', s.node_id, 'nodeType', s.node_type, 'status', s.status, 'exit', s.exit, 'reason', s.reason) as facts
    from (${flowsBy(args, place, mostFlows)}) e
    cross join lateral (
      -- A wait stands where it ended, and everything else where it was done.
      select s.* from (
        select *, case when wake_at is null then started_at else coalesce(completed_at, started_at) end as at from flow_execution_steps
        where workspace_id = ${args.workspaceId} and flow_execution_id = e.id and status not in ('waiting', 'running')
      ) s
      where ${isOlder("s.at", "s.id", place)}
        and not exists (select from messages m where m.flow_execution_id = e.id and m.visit = s.visit and m.workspace_id = ${args.workspaceId})
      order by s.at desc, s.id desc limit ${limit}
    ) s
    order by s.at desc, s.id desc limit ${limit}`,
  ],
  clicks: ({ workspaceId, contactId }, place, limit) => [
    sql`
    select 'tracked' as kind, t.id, t.first_at as at, t.flow_execution_id, e.flow_id, null::uuid as flow_version_id, null::boolean as is_test,
      jsonb_build_object('channel', t.channel, 'what', t.kind, 'url', t.url, 'times', t.times) as facts
    from (select * from tracked_links t where t.workspace_id = ${workspaceId} and t.contact_id = ${contactId}::uuid and t.first_at is not null
        and ${isOlder("t.first_at", "t.id", place)}
      order by t.first_at desc, t.id desc limit ${limit}) t
    left join flow_executions e on e.workspace_id = ${workspaceId} and e.id = t.flow_execution_id`,
  ],
  consents: ({ workspaceId, contactId }, place, limit) => [
    sql`
    select 'consent' as kind, c.id, c.created_at as at, null::uuid as flow_execution_id, null::uuid as flow_id, null::uuid as flow_version_id, null::boolean as is_test,
      jsonb_build_object('channel', c.channel, 'state', c.state, 'source', c.source, 'evidence', c.evidence, 'actorName', c.actor_name) as facts
    from contact_consents c where c.workspace_id = ${workspaceId} and c.contact_id = ${contactId}::uuid and ${isOlder("c.created_at", "c.id", place)}
      -- The message itself is told among the replies.
      and c.source is distinct from 'keyword'
    order by c.created_at desc, c.id desc limit ${limit}`,
  ],
};

const toEntry =
  (labelOfType: LabelOfType) =>
  ({ kind, id, at, flow_execution_id, flow_name, is_test, label, facts }: Row): TimelineEntry => {
    const { nodeId: _, ...told } = facts;
    const type = typeof facts.nodeType === "string" ? facts.nodeType : "";
    return {
      kind,
      id,
      at: at.toISOString(),
      ...(kind !== "consent" && { executionId: flow_execution_id, flowName: flow_name }),
      ...(kind !== "consent" && kind !== "reply" && kind !== "tracked" && { isTest: is_test ?? false }),
      ...(kind === "step" && { label: label || (labelOfType(type) ?? type) }),
      ...told,
    } as TimelineEntry;
  };
