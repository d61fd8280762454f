import { type RawBuilder, type SqlBool, sql } from "kysely";
import { closingMarketingAlone } from "#contract/message-kinds.ts";
import type { Channel } from "#contract/messages.ts";
import { mayLift, type Suppression, type SuppressionListQuery } from "#contract/suppressions.ts";
import type { Db, Tx } from "../client.ts";
import { displayName } from "./contact-rows.ts";
import { literal } from "./contact-search.ts";
import { microseconds, moment, type Page, readPlace, toPage, writePlace } from "./newest-first.ts";

/**
 * Whether the address of a contact (of the table `contacts`, by that name) is on the suppression list, or the contact asked for no more under an
 * earlier address. The moment of sending compares the same values, so what a filter counts is what can be reached.
 */
export const isSuppressed = (channel: Channel): RawBuilder<SqlBool> =>
  sql`(${refusedBefore("contacts", channel)} is not null or exists (select from public.suppressions s
    where s.workspace_id = contacts.workspace_id and s.channel = ${sql.lit(channel)} and s.address = ${contactAddress[channel]}))`;

/** What a contact asked for under an address that it had before, as a reason of the list. */
export const refusedBefore = (contacts: "c" | "contacts", channel: Channel): RawBuilder<string | null> =>
  sql.ref(`${contacts}.${channel}_refused_as`);

/** What closes a channel of a contact: its address on the list or what it asked for before, whichever closes more. */
export const closedAs = (listed: RawBuilder<string | null>, before: RawBuilder<string | null>): RawBuilder<string | null> =>
  sql`(select case when r.before is null or r.listed <> all(${[...closingMarketingAlone]}::text[]) then r.listed else r.before end
    from (select ${listed} as listed, ${before} as before offset 0) r)`;

const contactAddress: Record<Channel, RawBuilder<string>> = {
  sms: sql`contacts.phone_e164`,
  email: sql`contacts.sort_email`,
};

interface Row {
  id: string;
  position: number;
  channel: Channel;
  address: string;
  reason: string;
  source: string;
  detail: string | null;
  decide_by: Date | null;
  created_at: Date;
  contacts: { id: string; name: string | null; firstname: string; lastname: string }[];
}

type Which = { workspaceId: string } & Omit<SuppressionListQuery, "cursor" | "limit">;

/** Newest first, with how many there are on all pages. */
export async function listSuppressions(
  db: Db,
  args: { workspaceId: string } & SuppressionListQuery,
): Promise<Page<Suppression> & { total: number }> {
  const place = readPlace("suppressions", args.cursor);
  const which = conditions(args);
  const from = place ? sql`${which} and (s.created_at, s.id) < (${moment(place.at)}, ${place.id}::uuid)` : which;
  const { rows } = await sql<Row>`
    select s.id, ${microseconds("s.created_at")} as position, s.channel, s.address, s.reason, s.source, s.detail, s.decide_by, s.created_at,
      coalesce((select json_agg(c) from (
        select contacts.id, contacts.name, contacts.firstname, contacts.lastname from private.member_contacts as contacts
        where contacts.workspace_id = s.workspace_id and (s.channel = 'sms' and ${contactAddress.sms} = s.address or s.channel = 'email' and ${contactAddress.email} = s.address)
        order by contacts.id limit 3) c), '[]') as contacts
    from suppressions s where ${from}
    order by s.created_at desc, s.id desc limit ${args.limit + 1}`.execute(db);
  const { rows: counts } = await sql<{ total: number }>`select count(*)::int as total from suppressions s where ${which}`.execute(db);
  const page = toPage(rows, args.limit, toSuppression, (row) => writePlace("suppressions", { at: row.position, id: row.id }));
  return { ...page, total: counts[0]?.total ?? 0 };
}

function conditions({ workspaceId, channel, search, contactId }: Which): RawBuilder<SqlBool> {
  const all: RawBuilder<SqlBool>[] = [sql`s.workspace_id = ${workspaceId}`];
  if (channel) all.push(sql`s.channel = ${channel}`);
  if (search) all.push(sql`s.address like ${`%${literal(search.toLowerCase())}%`}`);
  if (contactId) {
    all.push(sql`(s.channel, s.address) in (
      select a.channel, a.address from private.member_contacts as contacts
      cross join lateral (values ('sms', ${contactAddress.sms}), ('email', ${contactAddress.email})) as a (channel, address)
      where contacts.workspace_id = ${workspaceId} and contacts.id = ${contactId}::uuid)`);
  }
  return sql<SqlBool>`${sql.join(all, sql` and `)}`;
}

const toSuppression = (row: Row): Suppression => ({
  id: row.id,
  channel: row.channel,
  address: row.address,
  reason: row.reason,
  source: row.source,
  detail: row.detail,
  mayLift: mayLift(row),
  decideBy: row.decide_by?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
  contacts: row.contacts.map((contact) => ({ id: contact.id, name: displayName(contact) })),
});

export async function findSuppression(
  db: Db,
  { workspaceId, id }: { workspaceId: string; id: string },
): Promise<{ channel: Channel; address: string; reason: string; source: string } | undefined> {
  return db
    .selectFrom("suppressions")
    .select(["channel", "address", "reason", "source"])
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .executeTakeFirst();
}

/** In the transaction of the member: the function lets admins do it, and only for reasons that may be lifted. Returns whether it was done. */
export async function liftSuppression(tx: Tx, { workspaceId, id }: { workspaceId: string; id: string }): Promise<boolean> {
  const { rows } = await sql`select id from private.lift_suppression(${workspaceId}, ${id}::uuid)`.execute(tx);
  return rows.length > 0;
}
