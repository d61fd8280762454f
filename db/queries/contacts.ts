import { sql } from "kysely";
import type { Contact, ContactFacets, ContactFilter, ContactListQuery, Selection } from "#contract/contacts.ts";
import type { Db } from "../client.ts";
import { matchesFilter, matchesSelection } from "./contact-filter.ts";
import { type ContactRow, contactColumns, toContact } from "./contact-rows.ts";
import type { ContactOrder, ContactPlace } from "./contact-sort.ts";
import { blankAfter, isNullable, keyedAfter, readContactCursor, sortKey, sortOrder, writeContactCursor } from "./contact-sort.ts";

/** Reads go through this view, whose searches can use an index; the migration says why. */
const visible = "private.member_contacts as contacts";

const everybody: ContactFilter = { tests: [] };

export interface ContactPage {
  items: Contact[];
  nextCursor: string | null;
}

export async function listContacts(db: Db, args: { workspaceId: string } & ContactListQuery): Promise<ContactPage> {
  const after = args.cursor === undefined ? undefined : readContactCursor(args, args.cursor);
  const wanted = args.limit + 1;
  const keyed = after && after.key === null ? [] : await rowsFrom(db, args, keyedAfter(args, after), wanted);
  const blanks =
    isNullable(args) && keyed.length < wanted
      ? await rowsFrom(db, args, blankAfter(args, after?.key === null ? after : undefined), wanted - keyed.length)
      : [];
  const rows = [...keyed, ...blanks];
  const last = rows.length > args.limit ? rows[args.limit - 1] : undefined;
  return {
    items: rows.slice(0, args.limit).map(toContact),
    nextCursor: last ? writeContactCursor(args, last) : null,
  };
}

async function rowsFrom(
  db: Db,
  { workspaceId, filter, ...order }: { workspaceId: string; filter?: ContactFilter } & ContactOrder,
  place: ReturnType<typeof keyedAfter>,
  limit: number,
): Promise<(ContactRow & ContactPlace)[]> {
  return db
    .selectFrom(visible)
    .select(contactColumns)
    .select(sortKey(order).as("key"))
    .where("contacts.workspace_id", "=", workspaceId)
    .where(place)
    .where(matchesFilter(filter ?? everybody))
    .orderBy(sortOrder(order))
    .limit(limit)
    .execute();
}

export async function countContacts(db: Db, { workspaceId, filter }: { workspaceId: string; filter?: ContactFilter }): Promise<number> {
  const { total } = await db
    .selectFrom(visible)
    .select((select) => select.fn.countAll<number>().as("total"))
    .where("contacts.workspace_id", "=", workspaceId)
    .where(matchesFilter(filter ?? everybody))
    .executeTakeFirstOrThrow();
  return total;
}

export async function findContact(db: Db, { workspaceId, id }: { workspaceId: string; id: string }): Promise<Contact | undefined> {
  const row = await db
    .selectFrom(visible)
    .select(contactColumns)
    .where("contacts.workspace_id", "=", workspaceId)
    .where("contacts.id", "=", id)
    .executeTakeFirst();
  return row && toContact(row);
}

const facetLimit = 100;

/** The values in use, the most frequent first, all three in one reading of the workspace's rows. */
export async function contactFacets(db: Db, { workspaceId }: { workspaceId: string }): Promise<ContactFacets> {
  const { rows } = await sql<{ facet: keyof ContactFacets; value: string }>`
    with counted as (
      select case when grouping(lead_status) = 0 then 'leadStatuses'
                  when grouping(conversation_status) = 0 then 'conversationStatuses' else 'timeZones' end as facet,
             coalesce(lead_status, conversation_status, time_zone) as value, count(*) as uses
      from private.member_contacts where workspace_id = ${workspaceId}
      group by grouping sets ((lead_status), (conversation_status), (time_zone))
    ), ranked as (
      select facet, value, uses, row_number() over (partition by facet order by uses desc, value) as place
      from counted where btrim(value) <> ''
    )
    select facet, value from ranked where place <= ${facetLimit} order by facet, place`.execute(db);
  const valuesOf = (facet: keyof ContactFacets) => rows.filter((row) => row.facet === facet).map(({ value }) => value);
  return {
    leadStatuses: valuesOf("leadStatuses"),
    conversationStatuses: valuesOf("conversationStatuses"),
    timeZones: valuesOf("timeZones"),
  };
}

/** Sets the lead status of a whole selection: one statement, and exact numbers of who was meant and who changed. */
export async function changeLeadStatus(
  db: Db,
  { workspaceId, selection, leadStatus }: { workspaceId: string; selection: Selection; leadStatus: string },
): Promise<{ matched: number; changed: number }> {
  const { rows } = await sql<{ matched: number; changed: number }>`
    with matching as materialized (
      select contacts.id, contacts.lead_status is distinct from ${leadStatus} as differs
      from private.member_contacts as contacts
      where contacts.workspace_id = ${workspaceId} and ${matchesSelection(selection)}
    ), changed as (
      update contacts set lead_status = ${leadStatus}
      where workspace_id = ${workspaceId} and id in (select id from matching where differs)
      returning 1
    )
    select (select count(*) from matching) as matched, (select count(*) from changed) as changed`.execute(db);
  return rows[0] ?? { matched: 0, changed: 0 };
}
