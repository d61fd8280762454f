import { sql } from "kysely";
import type { Contact, ContactFacets, ContactFilter, ContactListQuery, Selection } from "#contract/contacts.ts";
import { statusNamed } from "#contract/lead-statuses.ts";
import type { Db } from "../client.ts";
import { isFoundByIndex, matchesFilter, matchesSelection } from "./contact-filter.ts";
import { type ContactRow, contactColumns, displayName, toContact } from "./contact-rows.ts";
import type { ContactOrder, ContactPlace } from "./contact-sort.ts";
import { blankAfter, isNullable, keyedAfter, readContactCursor, sortKey, sortOrder, writeContactCursor } from "./contact-sort.ts";
import { listLeadStatuses } from "./lead-statuses.ts";

/** Reads go through this view, because its searches can use an index. The migration says why. */
const visible = "private.member_contacts as contacts";

const everybody: ContactFilter = { tests: [] };

export interface ContactPage {
  items: Contact[];
  nextCursor: string | null;
}

/** With `only`, the page is of these contacts instead of those that match the filter. */
export async function listContacts(
  db: Db,
  args: { workspaceId: string; only?: Selection | undefined } & ContactListQuery,
): Promise<ContactPage> {
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

type Rows = (ContactRow & ContactPlace)[];
type Ask = { workspaceId: string; filter?: ContactFilter; only?: Selection | undefined } & ContactOrder;

/** When many contacts match a search, this many contacts in the wanted order hold a whole page. */
const nearby = 2_000;

/**
 * A page is found in one of two ways: by reading in the wanted order until it is full, or by fetching all matches and
 * sorting them. The planner guesses which is quicker from how often each word occurs. For two words that many contacts
 * have and none has both, it believed that the page would soon be full and read a million contacts in order, in 5 s. A
 * few contacts are therefore read in order first. If they do not fill the page, there are seldom too many matches to
 * fetch.
 */
async function rowsFrom(db: Db, ask: Ask, place: ReturnType<typeof keyedAfter>, limit: number): Promise<Rows> {
  const { workspaceId, filter = everybody, only, ...order } = ask;
  const matches = only ? matchesSelection(only) : matchesFilter(filter);
  const visibleHere = db.selectFrom(visible).where("contacts.workspace_id", "=", workspaceId);
  const page = (from: ReturnType<typeof visibleHere.selectAll<"contacts">>) =>
    db.selectFrom(from.as("contacts")).select(contactColumns).select(sortKey(order).as("key")).orderBy(sortOrder(order)).limit(limit);

  if (!only && isFoundByIndex(filter)) {
    const next = visibleHere.selectAll("contacts").where(place).orderBy(sortOrder(order)).limit(nearby);
    const near = await page(next).where(matches).execute();
    if (near.length >= limit) return near;
    // With offset 0 the planner runs the inner query first.
    return page(visibleHere.selectAll("contacts").where(matches).offset(0)).where(place).execute();
  }
  return page(visibleHere.selectAll("contacts")).where(place).where(matches).execute();
}

/** What contacts are called, in the order in which they are named. Those that do not exist are left out. */
export async function nameContacts(
  db: Db,
  { workspaceId, ids }: { workspaceId: string; ids: readonly string[] },
): Promise<{ id: string; name: string; address: string | null }[]> {
  const rows = await db
    .selectFrom(visible)
    .select(contactColumns)
    .where("contacts.workspace_id", "=", workspaceId)
    .where(matchesSelection({ type: "ids", ids: [...ids] }))
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return [...new Set(ids.map((id) => id.toLowerCase()))].flatMap((id) => {
    const row = byId.get(id);
    return row ? [{ id, name: displayName(row), address: row.email || row.phone_e164 || row.phone_number }] : [];
  });
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

/** The names of the custom fields that the contacts of a selection have, in alphabetical order. */
export async function customFieldNames(
  db: Db,
  { workspaceId, selection }: { workspaceId: string; selection: Selection },
): Promise<string[]> {
  const rows = await db
    .selectFrom(visible)
    .select(sql<string>`jsonb_object_keys(contacts.metadata)`.as("name"))
    .distinct()
    .where("contacts.workspace_id", "=", workspaceId)
    .where(matchesSelection(selection))
    .orderBy("name")
    .execute();
  return rows.map(({ name }) => name);
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
const facetSample = 20_000;

/**
 * Lists the values in use, the most frequent first; of lead statuses those of the workspace's list first, in its order. Only the newest contacts are counted, so that the answer takes as
 * long for a million contacts as for a thousand. The lead statuses are complete all the same, because the index lists
 * them one by one.
 */
export async function contactFacets(db: Db, { workspaceId }: { workspaceId: string }): Promise<ContactFacets> {
  const { rows } = await sql<{ facet: keyof ContactFacets; value: string }>`
    with recursive newest as materialized (
      select lead_status, conversation_status, time_zone from private.member_contacts
      where workspace_id = ${workspaceId} order by created_at desc, id desc limit ${facetSample}
    ), status (value) as (
      (select lead_status from private.member_contacts
       where workspace_id = ${workspaceId} and private.folded_name(lead_status) is not null order by private.folded_name(lead_status), id limit 1)
      union all
      select (select next.lead_status from private.member_contacts next
              where next.workspace_id = ${workspaceId} and private.folded_name(next.lead_status) > private.folded_name(status.value)
              order by private.folded_name(next.lead_status), next.id limit 1)
      from status where status.value is not null
    ), used as (
      select 'leadStatuses' as facet, lead_status as value, 1 as uses from newest
      union all select 'conversationStatuses', conversation_status, 1 from newest
      union all select 'timeZones', time_zone, 1 from newest
      union all (select 'leadStatuses', value, 0 from status limit ${facetLimit * 10})
    ), ranked as (
      -- Two spellings of one value are one choice, as they are to the filter; the more usual one is shown.
      select facet, mode() within group (order by value) as value, row_number() over (partition by facet order by sum(uses) desc, key) as place
      from used cross join lateral (select case when facet = 'leadStatuses' then private.folded_name(value) else lower(value) end as key) k
      where btrim(value) <> '' group by facet, key
    )
    select facet, value from ranked where place <= ${facetLimit} order by facet, place`.execute(db);
  const valuesOf = (facet: keyof ContactFacets) => rows.filter((row) => row.facet === facet).map(({ value }) => value);
  const listed = (await listLeadStatuses(db, { workspaceId })).map(({ name }) => ({ name }));
  const others = valuesOf("leadStatuses").filter((value) => !statusNamed(listed, value));
  return {
    leadStatuses: [...listed.map(({ name }) => name), ...others],
    conversationStatuses: valuesOf("conversationStatuses"),
    timeZones: valuesOf("timeZones"),
  };
}

/** The ids of the contacts of a selection, up to `limit` of them. */
export async function listContactIds(
  db: Db,
  { workspaceId, selection, limit }: { workspaceId: string; selection: Selection; limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom(visible)
    .select("contacts.id")
    .where("contacts.workspace_id", "=", workspaceId)
    .where(matchesSelection(selection))
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Sets the lead status of a few contacts in one statement; many are changed by a bulk job. Returns how many contacts it matched and how many it changed. */
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

/** The display names of these contacts, by id, those in the bin too. Erased contacts are left out. */
export async function contactNames(
  db: Db,
  { workspaceId, ids }: { workspaceId: string; ids: readonly string[] },
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("private.contact_names")
    .select(["id", "name", "firstname", "lastname"])
    .where("workspace_id", "=", workspaceId)
    .where("id", "in", ids)
    .execute();
  return new Map(rows.map((row) => [row.id, displayName(row)]));
}
