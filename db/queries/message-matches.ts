import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { MessageListQuery } from "#contract/messages.ts";
import type { Db } from "../client.ts";
import { matchesFilter } from "./contact-filter.ts";
import { findFewContacts } from "./few-contacts.ts";
import { type MessageSearch, messageSearch, type WordSearch, weekOfMessage } from "./message-search.ts";
import { microseconds, moment, type Place } from "./newest-first.ts";

/*
 * Finds a page of the messages that match, newest first. What decides is never the clock, so one request asked twice finds the
 * same.
 *
 * 1. A few of the newest messages from the place on are read one after the other. A search that most messages match is full here.
 * 2. The names, numbers and addresses of few contacts lead to them. Where they are few, more of the newest messages are read,
 *    which fills the page of a word that many messages have. An address or a whole number goes without that.
 * 3. Then the words lead to messages by their index, and the contacts to theirs. The newest of both are the page. Of several
 *    words the index is asked for the rarest one alone, because it reads all messages that have the word.
 * 4. Of a search that many contacts match, and of a filter without an index, more messages are read one after the other. Where
 *    those are not enough either, the page ends short and says at which place the next one goes on.
 *
 * No search finds the messages to a contact in the bin: their texts have its name.
 *
 * Words alone are found in the same way (`findByWords`), also in what came in.
 */

/** How many messages are read one after the other: at first, before the indexes are asked, and in all. */
const strides = { first: 500, ofWords: 1_000, near: 4_000, far: 40_000 } as const;

export interface MessageFilter extends Pick<MessageListQuery, "contactId" | "executionId" | "channel" | "search"> {
  workspaceId: string;
  providers?: readonly string[] | undefined;
  /** Which messages are looked through; those that were sent, if it is left out. */
  source?: MessageSource | undefined;
}

/** Messages under the names of `private.member_messages`. */
export interface MessageSource {
  view: RawBuilder<unknown>;
  /** What else must hold of a message `m`. It is asked of what matches alone, in the order of the list. */
  also: Condition;
}

const everythingSent: MessageSource = { view: sql`private.member_messages`, also: sql`true` };
const viewOf = ({ source = everythingSent }: MessageFilter) => source.view;

interface Asked extends MessageFilter {
  place: Place | undefined;
  wanted: number;
}

interface Found {
  ids: string[];
  /** The place up to which everything was looked at, where the list goes on and the page is not full. */
  resumeAt: Place | undefined;
}

export async function findMessageIds(db: Db, asked: Asked): Promise<Found> {
  const words = asked.search ? messageSearch(asked.search) : undefined;
  const isNarrow = asked.contactId !== undefined || asked.executionId !== undefined;
  if (!asked.search || isNarrow) return readOn(db, { ...asked, words }, [strides.near, strides.far]);
  if (!words?.isOfFew) {
    const first = await readAlong(db, { ...asked, words, stride: strides.first });
    if (first.resumeAt === undefined) return first;
    // Of what so many of the newest have, a page is near: that is shorter than to find all contacts of a name that many have.
    if (first.ids.length * (strides.near / strides.first) >= asked.wanted) {
      const near = await readAlong(db, { ...asked, words, stride: strides.near });
      if (near.resumeAt === undefined) return near;
    }
  }
  const contactIds = await findFewContacts(db, asked);
  if (!contactIds) return readOn(db, { ...asked, words }, [strides.near, strides.far]);
  if (words && !words.isOfFew) {
    const near = await readAlong(db, { ...asked, words, contactIds, stride: strides.near });
    if (near.resumeAt === undefined) return near;
  }
  const leading = words && (await rarestOf(db, asked, words));
  return { ids: await findByIndex(db, { ...asked, words, leading, contactIds }), resumeAt: undefined };
}

/** The newest messages with the words, whoever they were from or to. */
export async function findByWords(
  db: Db,
  filter: { workspaceId: string; search: string; wanted: number; source: MessageSource },
): Promise<string[]> {
  const words = messageSearch(filter.search);
  if (!words) return [];
  const asked = { ...filter, place: undefined, words, contactIds: [] };
  if (!words.isOfFew) {
    const near = await readAlong(db, { ...asked, stride: strides.ofWords });
    if (near.resumeAt === undefined) return near.ids;
  }
  return findByIndex(db, { ...asked, leading: await rarestOf(db, asked, words) });
}

/** Reads one stretch after the other until the page is full. */
async function readOn(db: Db, asked: Asked & { words: MessageSearch | undefined }, lengths: readonly number[]): Promise<Found> {
  const ids: string[] = [];
  let { place } = asked;
  for (const stride of lengths) {
    const found = await readAlong(db, { ...asked, place, wanted: asked.wanted - ids.length, stride });
    ids.push(...found.ids);
    place = found.resumeAt;
    if (place === undefined) break;
  }
  return { ids, resumeAt: place };
}

/** Of several words the one that fewest of the newest messages have; all together where none of them is rare. */
async function rarestOf(db: Db, asked: Asked, words: MessageSearch): Promise<WordSearch> {
  if (words.each.length === 1) return words;
  const counts = words.each.map(({ mayHaveWords }) => sql`count(*) filter (where ${mayHaveWords})::int`);
  const { rows } = await sql<{ counts: number[] }>`
    select array[${sql.join(counts)}] as counts from (${newestMessages(asked, undefined, strides.first)}) m`.execute(db);
  const found = rows[0]?.counts ?? [];
  const fewest = Math.min(...found);
  return fewest <= strides.first / 20 ? (words.each[found.indexOf(fewest)] ?? words) : words;
}

/** The newest messages from a place on, by what has an index for their order. */
export function newestMessages(filter: MessageFilter, place: Place | undefined, limit: number): RawBuilder<unknown> {
  return sql`select m.* from ${viewOf(filter)} m where ${all([...scopeOf(filter), ...olderThan(place)])} ${newest} limit ${limit}`;
}

const newest = sql`order by m.created_at desc, m.id desc`;

function scopeOf({ workspaceId, contactId, executionId }: MessageFilter): Condition[] {
  return [
    sql`m.workspace_id = ${workspaceId}`,
    ...(contactId ? [sql<SqlBool>`m.contact_id = ${contactId}::uuid`] : []),
    ...(executionId ? [sql<SqlBool>`m.flow_execution_id = ${executionId}::uuid`] : []),
  ];
}

function kindOf({ channel, providers }: MessageFilter): Condition[] {
  return [
    ...(channel ? [sql<SqlBool>`m.channel = ${channel}`] : []),
    ...(providers ? [sql<SqlBool>`m.provider = any(${providers}::text[])`] : []),
  ];
}

const olderThan = (place: Place | undefined): Condition[] =>
  place ? [sql`(m.created_at, m.id) < (${moment(place.at)}, ${place.id}::uuid)`] : [];

interface Stretch extends Asked {
  words: MessageSearch | undefined;
  stride: number;
  /** The contacts that the search means, where they are known. Otherwise each contact is asked. */
  contactIds?: readonly string[];
}

/** Reads so many messages in the order of the list, and ends as soon as enough match. One statement, so one state of the list. */
async function readAlong(db: Db, asked: Stretch): Promise<Found> {
  const { search, words, contactIds, stride, wanted, place } = asked;
  const stretch = newestMessages(asked, place, stride);
  const end = newestMessages(asked, place, 1);
  const ofContact = sql`left join lateral (
    select ${matchesFilter({ search, tests: [] })} as is_meant from private.member_contacts contacts
    where contacts.workspace_id = ${asked.workspaceId} and contacts.id = m.contact_id offset 0) c on true`;
  const isMeant = contactIds ? sql<SqlBool>`m.contact_id = any(${contactIds}::uuid[])` : sql<SqlBool>`c.is_meant`;
  const matches = search
    ? any([isMeant, ...(words ? [all([words.mayHaveWords, words.hasWords(weekOfMessage), isShown(asked)])] : [])])
    : sql<SqlBool>`true`;
  const { rows } = await sql<{ ids: string[] | null; end_id: string | null; end_at: number | null }>`
    with found as materialized (
      select m.id, m.created_at from (${stretch}) m ${search && !contactIds ? ofContact : sql``}
      where ${all([...kindOf(asked), matches])} ${newest} limit ${wanted}
    ), last as materialized (
      select m.id, ${microseconds("m.created_at")} as at from (${end} offset ${stride - 1}) m
      where (select count(*) from found) < ${wanted}
    )
    select (select array_agg(id order by created_at desc, id desc) from found) as ids,
      (select id from last) as end_id, (select at from last) as end_at`.execute(db);
  const [row] = rows;
  const resumeAt = row?.end_id != null && row.end_at != null ? { id: row.end_id, at: row.end_at } : undefined;
  return { ids: row?.ids ?? [], resumeAt };
}

interface ByIndex extends Asked {
  words: MessageSearch | undefined;
  /** What the index is asked for. */
  leading: WordSearch | undefined;
  contactIds: string[];
}

/** The newest of the messages that have the words and of those to the contacts. */
async function findByIndex(db: Db, asked: ByIndex): Promise<string[]> {
  const { workspaceId, words, leading, contactIds, place, wanted } = asked;
  const view = viewOf(asked);
  const rest = [...kindOf(asked), ...olderThan(place)];
  const others = words && leading !== words ? [words.mayHaveWords, words.hasWords(weekOfMessage)] : [];
  // Week by week from the newest on, as many as fill the page. With offset 0 the planner runs the inner query first, which
  // reads one index and nothing else. Of all matches in order, as many are asked for the bin as the page needs.
  const weeks = sql`select private.week_key(to_timestamp(n * 604800.0)) as week from generate_series(
    (select floor(extract(epoch from m.created_at) / 604800)::int from (${newestMessages({ workspaceId, source: asked.source }, place, 1)}) m),
    (select floor(extract(epoch from min(m.created_at)) / 604800)::int from ${view} m where m.workspace_id = ${workspaceId}), -1) n`;
  const ofWeek = sql`select m.id, m.created_at, m.contact_id from (
      select m.id, m.workspace_id, m.created_at, m.channel, m.provider, m.contact_id, m.to_address, m.subject, m.body
      from ${view} m where ${leading?.hasWords(sql`weeks.week`) ?? sql`false`} offset 0
    ) m where ${all([...scopeOf(asked), ...rest, ...others])} ${newest} offset 0`;
  const withWords = sql`select m.id, m.created_at from (${weeks}) weeks cross join lateral (${ofWeek}) m
    where ${isShown(asked)} limit ${wanted}`;
  const toContacts = sql`select m.id, m.created_at from unnest(${contactIds}::uuid[]) as meant (id)
    cross join lateral (
      select m.id, m.created_at from ${view} m where ${all([...scopeOf(asked), sql`m.contact_id = meant.id`, ...rest])}
      ${newest} limit ${wanted}
    ) m`;
  const { rows } = await sql<{ id: string }>`
    select m.id from (select * from (${withWords}) w union select * from (${toContacts}) t) m ${newest} limit ${wanted}`.execute(db);
  return rows.map(({ id }) => id);
}

const isShown = (asked: MessageFilter): Condition => all([isToNobodyInBin(asked), (asked.source ?? everythingSent).also]);

/** A value and not "not exists", which the planner would turn into a join with all matches. */
const isToNobodyInBin = ({ workspaceId }: MessageFilter): Condition => sql`(
  select true from private.member_bin binned where binned.workspace_id = ${workspaceId} and binned.id = m.contact_id limit 1) is null`;

type Condition = RawBuilder<SqlBool>;
const any = (conditions: Condition[]): Condition => sql`(${sql.join(conditions, sql` or `)})`;
const all = (conditions: Condition[]): Condition => sql`(${sql.join(conditions, sql` and `)})`;
