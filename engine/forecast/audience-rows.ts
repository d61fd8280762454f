import type { RawBuilder } from "kysely";
import { sql } from "kysely";
import type { Selection } from "#contract/contacts.ts";
import type { Channel } from "#contract/messages.ts";
import type { Reason } from "#contract/reasons.ts";
import type { SendStart } from "#contract/sends.ts";
import { blanks } from "#contract/storable.ts";
import type { Narrowing } from "#contract/who-not.ts";
import type { Db } from "#db/client.ts";
import { matchesSelection } from "#db/queries/contact-filter.ts";
import { contentOf } from "#db/queries/flow-content.ts";
import { textArray, uuidArray } from "../base/array.ts";
import type { Clock } from "../base/clock.ts";
import { judgeEntry, wakeUpTime } from "../enrollment/judge-entry-rows.ts";
import type { ContactRow } from "../execution/contact-rows.ts";
import { contactColumns, stoppedChannels } from "../execution/contact-rows.ts";
import type { WorkspaceFields } from "../flow/node-executor.ts";
import type { EntryRule } from "../flow/rule-of.ts";
import { recipientSql } from "../messages/recipient-check-rows.ts";

export interface Standing {
  now: Date;
  /** When the first contacts begin, on the workspace's clock. */
  beginsAt: Date;
  /** The time that the send names to begin at on the workspace's clock. */
  startAt: Date | null;
  /** No message leaves after this moment; null sets no end. */
  notLaterThan: Date | null;
  workspace: WorkspaceFields;
}

export async function readStanding(
  db: Db,
  {
    workspaceId,
    start,
    notLaterThan,
    undoSeconds,
  }: { workspaceId: string; start: SendStart | undefined; notLaterThan: string | undefined; undoSeconds: number },
  clock: Clock,
): Promise<Standing | undefined> {
  const onClock = (time: string | undefined) =>
    time === undefined ? sql`null::timestamptz` : sql`${time}::timestamp at time zone w.time_zone`;
  const startAt = onClock(start?.zone === "workspace" ? start.at : undefined);
  const { rows } = await sql<{
    now: Date;
    begins_at: Date;
    start_at: Date | null;
    not_later_than: Date | null;
    name: string;
    time_zone: string;
    country: string;
    postal_address: string | null;
  }>`
    select now.at as now, greatest(now.at + ${undoSeconds} * interval '1 second', ${startAt}) as begins_at, ${startAt} as start_at,
      ${onClock(notLaterThan)} as not_later_than, w.name, w.time_zone, w.country,
      w.postal_address
    from workspaces w, (select ${clock.now} as at) now where w.id = ${workspaceId}`.execute(db);
  const [row] = rows;
  return (
    row && {
      now: row.now,
      beginsAt: row.begins_at,
      startAt: row.start_at,
      notLaterThan: row.not_later_than,
      workspace: { name: row.name, timeZone: row.time_zone, country: row.country, postalAddress: row.postal_address },
    }
  );
}

/** Tells the content of the flow as it is now. */
export async function readFlowContent(db: Db, { workspaceId, flowId }: Pick<Audience, "workspaceId" | "flowId">): Promise<string> {
  const { rows } = await sql<{ content: string }>`
    select ${contentOf("flows")} as content from flows where workspace_id = ${workspaceId} and id = ${flowId}::uuid`.execute(db);
  return rows[0]?.content ?? "";
}

export interface Audience {
  workspaceId: string;
  flowId: string;
  selection: Selection;
  rule: EntryRule;
  /** Each contact begins at this time on their own clock, if the send says so. */
  contactClock: { at: string; notBefore: string | null } | null;
  /** Whom the send leaves out of those who were chosen. */
  narrowing: Narrowing;
  /** Tests let everybody in. */
  isTest: boolean;
  /** Whether the flow records consents, which asks by whose act a channel was closed. */
  readsConsents: boolean;
}

export interface AudienceRow extends ContactRow {
  /** Why the contact does not enter the flow. */
  entry: Reason | null;
  wake_at: Date | null;
  stopped: Channel[] | null;
}

/** Reads a page of the audience in the order in which a send enrolls it, each contact with whether it enters. */
export async function readPage(
  db: Db,
  audience: Audience,
  { after, limit }: { after: string | null; limit: number },
  clock: Clock,
): Promise<AudienceRow[]> {
  const later = after === null ? sql`` : sql`and contacts.id > ${after}::uuid`;
  return readRows(db, audience, sql`${isChosen(audience)} ${later} order by contacts.id limit ${limit}::int`, clock);
}

/** Reads these contacts of the audience. */
export const readNamed = (db: Db, audience: Audience, ids: readonly string[], clock: Clock): Promise<AudienceRow[]> =>
  readRows(db, audience, sql`${isChosen(audience)} and contacts.id = any(${uuidArray(ids)}::uuid[]) order by contacts.id`, clock);

/**
 * The page is read once and keeps its row versions. Joined to the contacts again, each page would cost a read of the whole
 * workspace wherever Postgres takes the page for larger than it is.
 */
async function readRows(db: Db, audience: Audience, where: RawBuilder<unknown>, clock: Clock): Promise<AudienceRow[]> {
  const { workspaceId, rule, contactClock, readsConsents } = audience;
  const { rows } = await sql<AudienceRow>`
    with page as materialized (select contacts.*, contacts.xmin from contacts where ${where})
    select ${contactColumns}, ${judgeEntry({ ...audience, refusal: null }, rule, clock)} as entry,
      ${contactClock ? wakeUpTime({ workspaceId }, contactClock, clock) : sql`null::timestamptz`} as wake_at,
      ${readsConsents ? stoppedChannels : sql`null::text[]`} as stopped
    from page cross join lateral (select page.*) c order by c.id`.execute(db);
  return rows;
}

type Chosen = Pick<Audience, "workspaceId" | "selection">;

const isChosen = ({ workspaceId, selection }: Chosen) =>
  sql`contacts.workspace_id = ${workspaceId} and contacts.deleted_at is null and ${matchesSelection(selection)}`;

/** Counts the contacts of the audience, up to one more than `most`. */
export async function countAudience(db: Db, audience: Chosen, most: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (select from contacts where ${isChosen(audience)} limit ${most + 1}::int) few`.execute(db);
  return rows[0]?.count ?? 0;
}

/** The contacts that share an address of these channels with others of the audience, by address. */
export async function findTwins(db: Db, audience: Chosen, channels: readonly Channel[]): Promise<string[][]> {
  const { address } = recipientSql("contacts");
  const groups: string[][] = [];
  for (const channel of channels) {
    const { rows } = await sql<{ ids: string[] }>`
      select array_agg(contacts.id) as ids from contacts
      where ${isChosen(audience)} and ${address[channel]} <> '' group by ${address[channel]} having count(*) > 1`.execute(db);
    // There may be more than a call takes arguments.
    for (const { ids } of rows) groups.push(ids);
  }
  return groups;
}

export interface AddressFacts {
  phoneCountry: string | null;
  suppressedSms: string | null;
  suppressedEmail: string | null;
}

/** What the check of a recipient asks about addresses that a flow itself has written, in the same order. */
export async function readAddressFacts(
  db: Db,
  workspaceId: string,
  addresses: readonly { phone: string | null; email: string | null }[],
): Promise<AddressFacts[]> {
  const suppressed = (channel: Channel, address: RawBuilder<unknown>) => sql`(select s.reason from suppressions s
    where s.workspace_id = ${workspaceId} and s.channel = ${channel} and s.address = ${address})`;
  const { rows } = await sql<{ phone_country: string | null; sms: string | null; email: string | null }>`
    select private.phone_country(a.phone) as phone_country, ${suppressed("sms", sql`a.phone`)} as sms,
      ${suppressed("email", sql`lower(btrim(a.email, ${blanks}::text))`)} as email
    from unnest(${textArray(addresses.map(({ phone }) => phone))}::text[], ${textArray(addresses.map(({ email }) => email))}::text[])
      with ordinality as a (phone, email, place)
    order by a.place`.execute(db);
  return rows.map((row) => ({ phoneCountry: row.phone_country, suppressedSms: row.sms, suppressedEmail: row.email }));
}
