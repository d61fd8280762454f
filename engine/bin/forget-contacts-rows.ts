import { sql } from "kysely";
import { keysKeptOfUnknownTypes } from "#contract/node-result.ts";
import { reasonCodes } from "#contract/reasons.ts";
import type { Tx } from "#db/client.ts";
import { forgetInSavedLaunches } from "./forget-saved-launches-rows.ts";
import { onlyTheirs } from "./leaving-contacts-rows.ts";

/**
 * What may stay of the history of a deleted contact: which nodes were visited, when, and with what success. The columns
 * that a list does not name are emptied, so that a column which is added later does not keep personal data by accident.
 */
const kept = {
  messages: [
    ...["id", "workspace_id", "flow_execution_id", "send_id", "contact_id", "visit", "node_id", "channel", "provider", "from_address"],
    ...[
      "segments",
      "is_test",
      "status",
      "reason",
      "attempt",
      "lease_until",
      "sent_at",
      "created_at",
      "updated_at",
      "was_in_doubt",
      "delivered_at",
      "doubt_at",
    ],
  ],
  flow_execution_steps: [
    ...["id", "flow_execution_id", "workspace_id", "node_id", "node_type", "visit", "attempt", "status", "exit", "reason", "result"],
    ...["started_at", "completed_at", "created_at"],
  ],
  flow_executions: [
    ...["id", "flow_id", "contact_id", "workspace_id", "status", "source", "started_at", "completed_at", "result", "execution_time"],
    ...["metadata", "created_at", "updated_at", "send_id", "seq", "flow_version_id", "current_node_id", "visit", "attempt", "wake_at"],
    ...["waiting_for", "ended_reason", "cancel_reason", "engine_run_id", "parent_execution_id", "parent_visit", "parent_waits", "depth"],
    ...["reached", "missed"],
  ],
} as const;
/** The keys of `flow_executions.result` and of `flow_sends.options` that may stay. */
const keptOfResult = ["steps", "lastNode", "result"];
const keptOfOptions = ["metadata", "traceparent", "ownGraph", "startedFlows"];

/** The object without the keys that are not in the list. Null where nothing is left. */
const onlyKeys = (object: string, keys: ReturnType<typeof sql>) => sql`(
  select jsonb_object_agg(key, value) from jsonb_each(case jsonb_typeof(${sql.ref(object)}) when 'object' then ${sql.ref(object)} end)
  where ${keys} ? key)`;
const list = (keys: readonly string[]) => sql`${JSON.stringify(keys)}::jsonb`;

/** Sets every column to its default but those that are kept. */
async function emptyOthers(tx: Tx, table: keyof typeof kept) {
  const { rows } = await sql<{ name: string }>`
    select attname as name from pg_attribute
    where attrelid = ${`public.${table}`}::regclass and attnum > 0 and not attisdropped and attgenerated = ''
      and not attname = any(${[...kept[table]]}::text[])`.execute(tx);
  return rows.map(({ name }) => sql`${sql.id(name)} = default`);
}

/** The reasons that a suppression may keep after its contact was erased. Any other reason is free text and is replaced by `person`. */
const suppressionWords = [...reasonCodes, "manual", "stop", "unsubscribe", "unsubscribed", "complaint"];

/**
 * Takes out of the history what the contacts of the temporary table `leaving_contacts` could be recognised by, and keeps
 * what their addresses refused under a keyed hash.
 *
 * @param keysKept which keys of a step's result may stay, by node type. A type that is gone keeps what the engine itself wrote.
 */
export async function forgetContacts(tx: Tx, workspaceId: string, keysKept: Readonly<Record<string, readonly string[]>>): Promise<void> {
  await sql`
    update messages m set ${sql.join([...(await emptyOthers(tx, "messages")), sql`updated_at = now()`])}
    from leaving_contacts l where m.contact_id = l.id and m.workspace_id = ${workspaceId}`.execute(tx);
  await forgetMessagesToNobody(tx, workspaceId);
  const keys = sql`coalesce(${JSON.stringify(keysKept)}::jsonb -> s.node_type, ${list(keysKeptOfUnknownTypes)})`;
  await sql`
    update flow_execution_steps s
    set ${sql.join([...(await emptyOthers(tx, "flow_execution_steps")), sql`result = ${onlyKeys("s.result", keys)}`])}
    from flow_executions e, leaving_contacts l
    where e.contact_id = l.id and e.workspace_id = ${workspaceId} and s.flow_execution_id = e.id`.execute(tx);
  await sql`
    delete from forecast_contacts k using leaving_contacts l where k.contact_id = l.id and k.workspace_id = ${workspaceId}`.execute(tx);
  await sql`
    update message_reports r set error_message = null from messages m join leaving_contacts l on m.contact_id = l.id
    where r.message_id = m.id and r.workspace_id = ${workspaceId} and r.error_message is not null`.execute(tx);
  await sql`
    update flow_send_skips k set variables = null from leaving_contacts l
    where k.contact_id = l.id and k.workspace_id = ${workspaceId} and k.variables is not null`.execute(tx);
  // Where a link leads may hold what a merge field put there.
  await sql`
    delete from tracked_links k using leaving_contacts l where k.contact_id = l.id and k.workspace_id = ${workspaceId}`.execute(tx);
  await forgetOwnValues(tx, workspaceId);
  await forgetInbound(tx, workspaceId);
  await forgetSends(tx, workspaceId);
  await forgetInSavedLaunches(tx, workspaceId);
  await sql`
    update flow_executions e
    set ${sql.join([...(await emptyOthers(tx, "flow_executions")), sql`result = ${onlyKeys("e.result", list(keptOfResult))}`, sql`updated_at = now()`])}
    from leaving_contacts l where e.contact_id = l.id and e.workspace_id = ${workspaceId}`.execute(tx);
  await forgetAnswers(tx, workspaceId);
  await forgetBulkChanges(tx, workspaceId);
  await keepRefusals(tx, workspaceId);
}

/** Messages of no contact went to an address all the same: test messages, and what HELP was answered before its writer was a contact. */
async function forgetMessagesToNobody(tx: Tx, workspaceId: string): Promise<void> {
  const emptied = sql.join([...(await emptyOthers(tx, "messages")), sql`updated_at = now()`]);
  for (const [channel, column] of [
    ["sms", "phone_e164"],
    ["email", "sort_email"],
  ] as const)
    await sql`
      update messages m set ${emptied} from leaving_contacts l join contacts c on c.id = l.id
      where m.workspace_id = ${workspaceId} and m.channel = ${channel} and m.contact_id is null and m.to_address is not null
        and lower(m.to_address) = ${sql.ref(`c.${column}`)} and ${onlyTheirs(workspaceId, column)}`.execute(tx);
}

/** What they wrote goes, with the addresses they wrote from; of one that somebody else has too, only what is known to be theirs. */
async function forgetInbound(tx: Tx, workspaceId: string): Promise<void> {
  const forget = (which: ReturnType<typeof sql>) =>
    sql`update inbound_messages i set from_address = null, body = null
      from leaving_contacts l join contacts c on c.id = l.id where i.workspace_id = ${workspaceId} and ${which}`.execute(tx);
  await forget(sql`i.contact_id = l.id`);
  await forget(
    sql`i.contact_id is null and i.channel = 'sms' and i.from_address = c.phone_e164 and ${onlyTheirs(workspaceId, "phone_e164")}`,
  );
  await forget(
    sql`i.contact_id is null and i.channel = 'email' and lower(i.from_address) = c.sort_email and ${onlyTheirs(workspaceId, "sort_email")}`,
  );
}

/**
 * The trigger data, the selection and whom it leaves out belong to all contacts of a send. They go with the last of them, because until
 * then the others may still read them. A send that enrolled nobody has nobody who reads them, and may have left out this person.
 */
async function forgetSends(tx: Tx, workspaceId: string): Promise<void> {
  await sql`
    update flow_sends s set selection = '{"type": "ids", "ids": []}', options = coalesce(${onlyKeys("s.options", list(keptOfOptions))}, '{}')
    where s.workspace_id = ${workspaceId} and s.enrolled_at is not null
      and (s.id in (select e.send_id from flow_executions e join leaving_contacts l on e.contact_id = l.id)
        or s.enrolled = 0 and s.selection <> '{"type": "ids", "ids": []}')
      and not exists (
        select from flow_executions o where o.send_id = s.id and o.contact_id is not null
          and o.contact_id not in (select id from leaving_contacts))`.execute(tx);
}

/** Values that wait with a send for its approval go with their contact. */
async function forgetOwnValues(tx: Tx, workspaceId: string): Promise<void> {
  await sql`
    update send_approvals a set own_values = a.own_values - array(select id::text from leaving_contacts)
    where a.workspace_id = ${workspaceId} and a.own_values is not null`.execute(tx);
}

/** A request that is repeated with its key must not be answered with the contact. */
async function forgetAnswers(tx: Tx, workspaceId: string): Promise<void> {
  await sql`
    update idempotency_keys k set response = null, status_code = 404
    from leaving_contacts l where k.workspace_id = ${workspaceId} and k.subject_id = l.id::text`.execute(tx);
}

/** The result of a bulk change stays, so that its numbers add up, and the value that it replaced goes. */
async function forgetBulkChanges(tx: Tx, workspaceId: string): Promise<void> {
  await sql`
    update bulk_job_items i set before = null
    from leaving_contacts l where i.workspace_id = ${workspaceId} and i.contact_id = l.id and i.before is not null`.execute(tx);
}

/**
 * What the addresses of erased contacts refused holds for every contact that gets such an address later: the opt-out, and
 * the entry on the suppression list. An entry stays on the list as it is while somebody else has the address.
 */
async function keepRefusals(tx: Tx, workspaceId: string): Promise<void> {
  // Two look-ups for the two channels, because each has an index of its own.
  const other = sql`select from contacts o where o.workspace_id = ${workspaceId} and o.id not in (select id from leaving_contacts)`;
  await sql`
    with addresses as (
      select a.channel, a.address, a.opted_out_at, a.refused_as, c.opt_out_source, c.dnc,
        (a.channel = 'sms' and exists (${other} and o.phone_e164 = a.address)
          or a.channel = 'email' and exists (${other} and o.sort_email = a.address)) as is_elsewhere
      from leaving_contacts l join contacts c on c.id = l.id
      cross join lateral (values ('sms', c.phone_e164, c.sms_opted_out_at, c.sms_refused_as),
        ('email', lower(btrim(c.email)), c.email_opted_out_at, c.email_refused_as)) as a (channel, address, opted_out_at, refused_as)
      where a.address <> ''
    ), lifted as (
      delete from suppressions s using addresses a
      where s.workspace_id = ${workspaceId} and s.channel = a.channel and s.address = a.address and not a.is_elsewhere
      returning s.channel, s.address, s.source, s.created_at,
        case when s.reason = any(${suppressionWords}::text[]) then s.reason else 'dnc' end as reason
    )
    insert into private.refused_addresses as r
      (workspace_id, channel, address_hash, suppressed_as, suppressed_by, suppressed_at, opted_out_at, opt_out_source, dnc)
    select ${workspaceId}, a.channel, private.address_hash(${workspaceId}, a.channel, a.address), coalesce(max(s.reason), max(a.refused_as)),
      coalesce(max(s.source), case when max(a.refused_as) is not null then 'contact' end),
      coalesce(min(s.created_at), case when max(a.refused_as) is not null then now() end),
      min(a.opted_out_at), max(a.opt_out_source) filter (where a.opted_out_at is not null), bool_or(a.dnc)
    from addresses a left join lifted s on s.channel = a.channel and s.address = a.address
    where s.reason is not null or a.refused_as is not null or a.opted_out_at is not null or a.dnc
    group by a.channel, a.address
    on conflict (workspace_id, channel, address_hash) do update set
      suppressed_as = coalesce(excluded.suppressed_as, r.suppressed_as), suppressed_by = coalesce(excluded.suppressed_by, r.suppressed_by),
      suppressed_at = coalesce(excluded.suppressed_at, r.suppressed_at), opted_out_at = least(r.opted_out_at, excluded.opted_out_at),
      opt_out_source = coalesce(r.opt_out_source, excluded.opt_out_source), dnc = r.dnc or excluded.dnc`.execute(tx);
}
