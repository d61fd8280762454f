import type { RawBuilder, SqlBool } from "kysely";
import { sql } from "kysely";
import type { Selection } from "#contract/contacts.ts";
import { type MessageKind, openDespite } from "#contract/message-kinds.ts";
import type { Channel } from "#contract/messages.ts";
import { type Reason, reasonCodes } from "#contract/reasons.ts";
import type { SendingRules } from "#contract/sending-rules.ts";
import type { Narrowing } from "#contract/who-not.ts";
import type { Tx } from "#db/client.ts";
import { consentedAddresses } from "#db/queries/consents.ts";
import { matchesSelection } from "#db/queries/contact-filter.ts";
import { executionsOf } from "#db/queries/rows-of-contact.ts";
import { refusedBefore } from "#db/queries/suppressions.ts";
import { textArray, uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import { isLetIn } from "../enrollment/judge-entry-rows.ts";
import { leftOut } from "../enrollment/narrowing-rows.ts";
import { asksWhoIsIn, type EntryRule } from "../flow/rule-of.ts";
import { closesFor } from "../messages/closed-address-rows.ts";
import { hasHad, readCap } from "../messages/contact-cap-rows.ts";
import { isInSandbox, recipientSql } from "../messages/recipient-check-rows.ts";

export interface PreviewQuery {
  workspaceId: string;
  flowId: string;
  selection: Selection;
  /** The channels of the flow's messages. A reason of another channel comes back as null. */
  channels: readonly Channel[];
  /** The kinds that it sends on each. */
  kinds: ReadonlyMap<Channel, ReadonlySet<MessageKind>>;
  rule: EntryRule;
  narrowing?: Narrowing | undefined;
  oncePerAddress: boolean;
  /** Around the workspace: only its addresses get anything. */
  sandbox: SendingRules["sandbox"];
  /** The channels on which it sends a message that needs a recorded consent. */
  needsConsent: ReadonlySet<Channel>;
}

/** Contacts of which the same can be said. */
export interface PreviewGroup {
  /** Why they do not enter the flow; null where they do. */
  entry: Reason | null;
  /** Why no SMS can go to them. */
  sms: Reason | null;
  email: Reason | null;
  contacts: number;
}

/** A preview takes this long at most. */
const longestMs = 5_000;
/** So many previews of a workspace run at a time. */
const atATime = [0, 1];

/**
 * Readies a transaction for the preview: one snapshot, which no statement changes, and a limit of time. The count may read
 * every contact of a workspace, so a workspace has two at a time.
 *
 * @returns false where two previews of this workspace run already
 */
export async function beginPreview(tx: Tx, workspaceId: string): Promise<boolean> {
  await sql`set transaction isolation level repeatable read, read only`.execute(tx);
  await sql.raw(`set local statement_timeout = ${longestMs}`).execute(tx);
  // The work is shared among processes.
  await sql.raw("set local parallel_tuple_cost = 0; set local parallel_setup_cost = 0").execute(tx);
  for (const slot of atATime) {
    const { rows } = await sql<{ taken: boolean }>`
      select pg_try_advisory_xact_lock(hashtextextended(${workspaceId}, ${6140 + slot})) as taken`.execute(tx);
    if (rows[0]?.taken) return true;
  }
  return false;
}

/** Up to so many contacts are looked at one by one. Of more, so many are picked at random. */
const exactUpTo = 50_000;
const sampleSize = 10_000;
/** The share that is picked while it is not known yet how many contacts there are. */
const largestShare = 0.06;

export interface Counted {
  groups: PreviewGroup[];
  total: number;
  /** How many contacts were looked at, where they stand for all. */
  sampled: number | null;
}

/**
 * Counts the contacts of a selection by what stands in the way of their messages now. It asks what the send will ask: who
 * enters the flow, what the check of the recipient and the sandbox say, whether a consent is recorded that is needed, whether the contact has had its messages of a day, and whether
 * another contact of the send has the same address. Of contacts that share an address the one with the smallest id gets
 * the messages, because a send goes through its contacts in that order.
 */
export async function countGroups(
  tx: Tx,
  query: PreviewQuery,
  clock: Clock,
  limits = { exactUpTo, sampleSize, largestShare },
): Promise<Counted> {
  const cap = await readCap(tx, query.workspaceId, clock);
  const few = await countContacts(tx, query, limits.exactUpTo + 1);
  if (few <= limits.exactUpTo) return { groups: await countEach(tx, query, clock, cap), total: few, sampled: null };
  const { total, ids } = await pickContacts(tx, query, limits);
  const found = await countSample(tx, query, clock, cap, ids);
  const sampled = found.reduce((sum, { contacts }) => sum + contacts, 0);
  if (sampled === 0) return { groups: await countEach(tx, query, clock, cap), total, sampled: null };
  const groups = found.map((group) => ({ ...group, contacts: (group.contacts * total) / sampled }));
  return { groups, total, sampled };
}

async function countContacts(tx: Tx, query: PreviewQuery, most: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (select from contacts where ${isChosen(query)} limit ${most}::int) few`.execute(tx);
  return rows[0]?.count ?? 0;
}

/** Every contact by itself, those that share an address in order. `offset 0` keeps what is asked of a contact, such as its consents, from being asked twice. */
async function countEach(tx: Tx, query: PreviewQuery, clock: Clock, cap: number | null): Promise<PreviewGroup[]> {
  const { channels, oncePerAddress } = query;
  const each = chosen(query, clock, cap);
  const placed = sql`
    select entry, ${unlessDuplicate("sms", channels, sql`sms_place > 1`)} as sms, ${unlessDuplicate("email", channels, sql`email_place > 1`)} as email
    from (select chosen.*,
        row_number() over (partition by sms_address, entry is null and sms is null order by id) as sms_place,
        row_number() over (partition by email_address, entry is null and email is null order by id) as email_place
      from (${each} offset 0) chosen) placed`;
  return countBy(tx, oncePerAddress && channels.length > 0 ? placed : each);
}

/**
 * Counts all contacts and picks those whose ids end in a small number. The end of an id is random, so they are picked without
 * regard to when and with what they came, and the same ones are picked whenever one asks.
 */
async function pickContacts(
  tx: Tx,
  query: PreviewQuery,
  { sampleSize: size, largestShare: share }: { sampleSize: number; largestShare: number },
): Promise<{ total: number; ids: string[] }> {
  const { rows } = await sql<{ total: number; ids: string[] }>`
    with counted as materialized (
      select count(*)::int as total, array_agg(contacts.id) filter (where ${endOf("contacts.id")} < ${share}::float8 * 65536) as ids
      from contacts where ${isChosen(query)})
    select total, array(select id from unnest(ids) as id where ${endOf("id")} < ceil(${size}::float8 / total * 65536)) as ids
    from counted`.execute(tx);
  return rows[0] ?? { total: 0, ids: [] };
}

/** The last two bytes of an id. */
const endOf = (id: string) => sql`get_byte(uuid_send(${sql.ref(id)}), 14) * 256 + get_byte(uuid_send(${sql.ref(id)}), 15)`;

/** The picked contacts. Who shares an address with one of them is looked up among all. */
async function countSample(tx: Tx, query: PreviewQuery, clock: Clock, cap: number | null, ids: readonly string[]): Promise<PreviewGroup[]> {
  const { workspaceId, channels, oncePerAddress } = query;
  const isEarlier = (channel: Channel) =>
    sql`${channel === "sms" ? sql`contacts.phone_e164 = sample.sms_address` : sql`contacts.sort_email = sample.email_address`} and contacts.id < sample.id`;
  // Almost nobody shares an address, which an index says; only the others are asked what stands in the way of their messages.
  const before = (channel: Channel) => sql`case
    when not exists (select from contacts where contacts.workspace_id = ${workspaceId} and contacts.deleted_at is null and ${isEarlier(channel)}) then false
    else exists (select from (${chosen(query, clock, cap)} and ${isEarlier(channel)} offset 0) earlier
      where earlier.entry is null and earlier.${sql.ref(channel)} is null) end`;
  const placed = sql`
    select entry, ${unlessDuplicate("sms", channels, before("sms"))} as sms, ${unlessDuplicate("email", channels, before("email"))} as email
    from sample`;
  return countBy(
    tx,
    oncePerAddress && channels.length > 0 ? placed : sql`select * from sample`,
    sql`with sample as materialized (${chosen(query, clock, cap)} and contacts.id = any(${uuidArray(ids)}::uuid[]))`,
  );
}

async function countBy(tx: Tx, contacts: RawBuilder<unknown>, before: RawBuilder<unknown> = sql``): Promise<PreviewGroup[]> {
  const { rows } =
    await sql<PreviewGroup>`${before} select entry, sms, email, count(*)::int as contacts from (${contacts}) c group by 1, 2, 3`.execute(
      tx,
    );
  return rows;
}

const isChosen = ({ workspaceId, selection }: PreviewQuery): RawBuilder<SqlBool> =>
  sql`contacts.workspace_id = ${workspaceId} and contacts.deleted_at is null and ${matchesSelection(selection)}`;

/** The contacts of the selection, each with what stands in the way of its messages. Further conditions may follow. */
function chosen(query: PreviewQuery, clock: Clock, cap: number | null): RawBuilder<unknown> {
  const { workspaceId, channels, kinds, rule, needsConsent } = query;
  const { refusal, address } = recipientSql("contacts", { sms: refusedAs(query, "sms"), email: refusedAs(query, "email") });
  const capped = cap === null ? sql`null` : sql`case when ${hasHad(workspaceId, cap, clock)} then 'cap_reached' end`;
  const of = (channel: Channel) => ({ workspaceId: sql`${workspaceId}`, contactId: sql`contacts.id`, channel: sql`${channel}` });
  const unasked = (channel: Channel) =>
    needsConsent.has(channel)
      ? sql`case when ${address[channel]} in (${consentedAddresses(of(channel))}) then null else 'no_consent' end`
      : sql`null::text`;
  const outside = (channel: Channel) =>
    query.sandbox.on ? sql`case when ${isInSandbox(address[channel], query)} then null else 'sandbox' end` : sql`null::text`;
  const reason = (channel: Channel) =>
    channels.includes(channel) ? sql`coalesce(${refusal[channel]}, ${outside(channel)}, ${unasked(channel)}, ${capped})` : sql`null::text`;
  const refused = (channel: Channel) => {
    const table = sql.ref(`refused_${channel}`);
    if (!channels.includes(channel)) return sql``;
    return sql`left join (
      select address, ${asReason(channel, sql`reason`)} as reason
      from suppressions s where workspace_id = ${workspaceId} and channel = ${sql.lit(channel)}
        and ${closesFor(strictest(kinds.get(channel)), "s")}) ${table} on ${table}.address = ${address[channel]}`;
  };
  const inFlow = !asksWhoIsIn(rule) ? sql`` : sql`left join lateral (${earlierInFlow(query, clock)}) in_flow on true`;
  return sql`
    select contacts.id, ${reason("sms")} as sms, ${reason("email")} as email, ${entryReason(query, clock)} as entry,
      ${address.sms} as sms_address, ${address.email} as email_address
    from contacts ${refused("sms")} ${refused("email")} ${inFlow}
    where ${isChosen(query)}`;
}

/** A reason of the suppression list as the gate tells it. */
const asReason = (channel: Channel, reason: RawBuilder<unknown>) =>
  sql`case when ${reason} in ('stop', 'unsubscribe') then ${`opted_out_${channel}`}
    when ${reason} = any(${textArray(reasonCodes)}::text[]) then ${reason} else 'dnc' end`;

/** What closes a channel for the strictest of these kinds: the list, or what the contact asked for under an earlier address. */
function refusedAs({ kinds }: PreviewQuery, channel: Channel): RawBuilder<string | null> {
  const before = refusedBefore("contacts", channel);
  const open = openDespite[strictest(kinds.get(channel))];
  return sql`coalesce(${sql.ref(`refused_${channel}.reason`)},
    case when ${before} is not null and ${before} <> all(${textArray(open)}::text[]) then ${asReason(channel, before)} end)`;
}

/** Where one of several kinds cannot reach a contact, the contact is told as not reached. */
const strictest = (kinds: ReadonlySet<MessageKind> = new Set()): MessageKind =>
  kinds.size === 0 || kinds.has("marketing") ? "marketing" : "transactional";

const unlessDuplicate = (channel: Channel, channels: readonly Channel[], isLater: RawBuilder<unknown>) =>
  channels.includes(channel)
    ? sql`case when entry is null and ${sql.ref(channel)} is null and ${isLater} then 'duplicate_address' else ${sql.ref(channel)} end`
    : sql`null::text`;

/**
 * Whether a contact is or was in the flow, as far as its rule of entry asks. The enrolment asks the same of each contact
 * (enroll-page-rows.ts). A send whose executions have all ended holds none that are active.
 */
function earlierInFlow({ workspaceId, flowId, rule: { reEntry: rule } }: PreviewQuery, clock: Clock): RawBuilder<unknown> {
  const isActive = sql`e.status in ('pending', 'running')`;
  const which =
    rule.rule === "when_finished"
      ? sql`s.ended_at is null and ${isActive}`
      : rule.rule === "once"
        ? sql`true`
        : sql`(e.created_at > ${clock.now} - ${rule.rule === "after_days" ? rule.days : 0}::int * interval '1 day' or ${isActive})`;
  return sql`select e.contact_id, bool_or(${isActive}) as is_active
    from ${executionsOf(sql`contacts.id`)} join flow_sends s on s.id = e.send_id
    where e.workspace_id = ${workspaceId} and e.flow_id = ${flowId}::uuid and not s.is_test and ${which}
    group by e.contact_id`;
}

function entryReason(query: PreviewQuery, clock: Clock): RawBuilder<string | null> {
  const { rule } = query;
  const cases = [
    ...(rule.onlyIf ? [sql`when not ${isLetIn(rule.onlyIf)} then 'entry_rule'`] : []),
    ...(asksWhoIsIn(rule)
      ? [sql`when in_flow.is_active then 'already_active_here' when in_flow.contact_id is not null then 'was_here_recently'`]
      : []),
    ...leftOut(query, sql`contacts.id`, isLetIn, clock),
  ];
  return cases.length === 0 ? sql`null::text` : sql`case ${sql.join(cases, sql` `)} end`;
}
