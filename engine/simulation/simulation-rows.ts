import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { Contact } from "#contract/contacts.ts";
import type { ExecutionStatus, StepStatus } from "#contract/executions.ts";
import type { Channel, MessageStatus } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { Db } from "#db/client.ts";
import { contactColumns, toContact } from "#db/queries/contact-rows.ts";
import type { Clock } from "../base/clock.ts";

/** The contact opts out themselves. What is closed already stays as it is, as for a message that really comes in. */
export async function optOut(db: Db, contactId: string, channels: readonly Channel[], clock: Clock): Promise<void> {
  const closing = (channel: Channel) =>
    channels.includes(channel) ? sql`coalesce(${sql.ref(`${channel}_opted_out_at`)}, ${clock.now})` : sql.ref(`${channel}_opted_out_at`);
  await sql`
    update contacts set sms_opted_out_at = ${closing("sms")}, email_opted_out_at = ${closing("email")}, opt_out_source = 'STOP'
    where id = ${contactId}::uuid`.execute(db);
}

/** Where a contact writes from on a channel; null where they have no address there. */
export async function readAddress(db: Db, contactId: string, channel: Channel): Promise<string | null> {
  const column = sql.ref(channel === "sms" ? "phone_e164" : "sort_email");
  const { rows } = await sql<{
    address: string | null;
  }>`select nullif(${column}, '') as address from contacts where id = ${contactId}::uuid`.execute(db);
  return rows[0]?.address ?? null;
}

/** The row version of the contact, which changes with every update. */
export async function readVersion(db: Db, contactId: string): Promise<string | undefined> {
  const { rows } = await sql<{ version: string }>`select xmin::text as version from contacts where id = ${contactId}::uuid`.execute(db);
  return rows[0]?.version;
}

/**
 * Wakes the executions that wait for a change of the contact. The database does so too, by the time at which the transaction
 * began, which on a virtual clock may be long over or yet to come.
 */
export async function wakeWatchers(db: Db, workspaceId: string, clock: Clock): Promise<void> {
  await sql`
    with watching as materialized (
      select w.flow_execution_id as id from waits w where w.workspace_id = ${workspaceId} and w.event = 'contact_changed'
    ), moved as (
      update flow_executions e set wake_at = ${clock.now} from watching w where e.id = w.id and e.wake_at is not null
    )
    update wake_ups u set due_at = ${clock.now} from watching w where u.flow_execution_id = w.id`.execute(db);
}

export interface Standing {
  steps: number;
  /** Executions that are not over. */
  open: number;
  /** When the next of them has something to do, in milliseconds since 1970. */
  nextAt: number | null;
}

export async function readStanding(db: Db, workspaceId: string): Promise<Standing> {
  const milliseconds = (moment: RawBuilder<unknown>) => sql`ceil(extract(epoch from min(${moment})) * 1000)::float8`;
  const { rows } = await sql<Standing>`
    select (select count(*)::int from flow_execution_steps where workspace_id = ${workspaceId}) as steps,
      (select count(*)::int from flow_executions where workspace_id = ${workspaceId} and status in ('pending', 'running')) as open,
      least((select ${milliseconds(sql`due_at`)} from wake_ups where workspace_id = ${workspaceId}),
        (select ${milliseconds(sql`ready_at`)} from private.send_lanes where workspace_id = ${workspaceId})) as "nextAt"`.execute(db);
  return rows[0] as Standing;
}

export interface EndedExecution {
  status: ExecutionStatus;
  ended_reason: Reason | null;
  error_message: string | null;
  variables: unknown;
}

export async function readExecution(db: Db, id: string): Promise<EndedExecution | undefined> {
  return db
    .selectFrom("flow_executions")
    .select(["status", "ended_reason", "error_message", "variables"])
    .where("id", "=", id)
    .executeTakeFirst() as Promise<EndedExecution | undefined>;
}

/** The contact as the simulation leaves it. */
export async function readContact(db: Db, contactId: string): Promise<Contact> {
  return toContact(await db.selectFrom("contacts").select(contactColumns).where("id", "=", contactId).executeTakeFirstOrThrow());
}

/** The node at which an execution stands. */
export async function readPlace(db: Db, executionId: string): Promise<string | undefined> {
  const row = await db.selectFrom("flow_executions").select("current_node_id").where("id", "=", executionId).executeTakeFirst();
  return row?.current_node_id ?? undefined;
}

export interface StepRow {
  flow_id: string;
  node_id: string;
  node_type: string;
  label: string | null;
  visit: number;
  attempt: number;
  status: StepStatus;
  exit: string | null;
  reason: Reason | null;
  result: Record<string, unknown> | null;
  error_message: string | null;
  wake_at: Date | null;
  started_at: Date;
  completed_at: Date | null;
  message: {
    channel: Channel;
    to: string | null;
    subject: string | null;
    text: string;
    html: string | null;
    segments: number | null;
    status: MessageStatus;
  } | null;
}

/**
 * The steps in the order in which they were taken, each with its message, which stands at its last try. The beginning of an id says when its step
 * was written, to the millisecond. The reckoned times are no order of several flows: each pass begins its own at the moment that is due.
 */
export async function readSteps(db: Db, workspaceId: string, most: number): Promise<StepRow[]> {
  const { rows } = await sql<StepRow>`
    select e.flow_id, s.node_id, s.node_type, s.visit, s.attempt, s.status, s.exit, s.reason, s.result, s.error_message, s.wake_at,
      s.started_at, s.completed_at,
      (select n -> 'data' ->> 'label' from jsonb_array_elements(v.nodes) n where n ->> 'id' = s.node_id limit 1) as label,
      (select json_build_object('channel', m.channel, 'to', m.to_address, 'subject', m.subject, 'text', coalesce(m.body, ''), 'html', m.html,
          'segments', m.segments, 'status', m.status)
        from messages m where m.flow_execution_id = s.flow_execution_id and m.visit = s.visit
          and not exists (select from flow_execution_steps l
            where l.flow_execution_id = s.flow_execution_id and l.visit = s.visit and l.attempt > s.attempt)
        limit 1) as message
    from flow_execution_steps s
    join flow_executions e on e.id = s.flow_execution_id
    join flow_versions v on v.id = e.flow_version_id
    where s.workspace_id = ${workspaceId}
    order by left(s.id::text, 13), s.created_at, e.depth, s.visit, s.attempt limit ${most}`.execute(db);
  return rows;
}
