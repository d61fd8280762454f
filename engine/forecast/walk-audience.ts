import { contactName } from "#contract/contact-fields.ts";
import type { Channel } from "#contract/messages.ts";
import type { Tx } from "#db/client.ts";
import { pageFor } from "../enrollment/page-size.ts";
import { defaultWorkSizes } from "../jobs/work-sizes.ts";
import { findConsented } from "../messages/consented-rows.ts";
import type { CountedMessage } from "../messages/contact-cap-rows.ts";
import { readCountedMessages } from "../messages/contact-cap-rows.ts";
import { asksWhoWrote } from "../messages/judge-hours.ts";
import { readLastSenders } from "../messages/last-sender-rows.ts";
import { readWroteLately } from "../messages/wrote-lately-rows.ts";
import { AddressBook } from "./address-book.ts";
import type { AudienceRow } from "./audience-rows.ts";
import { findTwins, readNamed, readPage } from "./audience-rows.ts";
import { begin } from "./begin-walk.ts";
import { type OpenForecast, openForecast, writesContacts } from "./open-forecast.ts";
import { asReader } from "./reader-rows.ts";
import type { SenderAndDayLimits } from "./sender-and-day-limits.ts";
import type { ForecastContext, ForecastInput, ForecastSink, Stage, WalkedAudience } from "./stage.ts";
import { joinGroups, largestGroup, packed } from "./twin-groups.ts";
import { walkEach, walkTogether } from "./walk-together.ts";
import type { KnownOfContact, Walked } from "./walked.ts";

/**
 * Walks every contact of a selection through a flow, as the engine would if the send began now: its own walk, executors, gate and
 * texts, on the contacts as they are, each on a clock of its own. It reads as a role that can only read, and nothing here can
 * reach a provider. Contacts that share an address are walked side by side, because the first message takes the address; so are
 * all of them where their messages wait for one another, for the pace of a sender or for the next day.
 *
 * @throws EngineRefusal as openForecast
 */
export async function walkAudience(context: ForecastContext, input: ForecastInput, sink: ForecastSink): Promise<WalkedAudience> {
  const opened = await openForecast(context, input, sink);
  await walkOpened(opened, input);
  return opened.known;
}

/** Walks the contacts of a forecast that was opened. */
export async function walkOpened(
  { stage, known }: OpenForecast,
  { selection, pageSize: usual = defaultWorkSizes.forecastPage }: ForecastInput,
): Promise<void> {
  const { sink, pace, facts, audience } = stage;
  const pageSize = pageFor(audience.rule, audience.narrowing, usual);
  const twins = await readTwins(stage, known);
  const isTwin = new Set(twins.flat());
  const missing = new Set(selection.type === "ids" ? selection.ids.map((id) => id.toLowerCase()) : []);
  const ended = () => pace.during(async () => sink.paged?.(known));
  const walks = facts.limits ? walkInPortions(stage, facts.limits, isTwin, ended) : walkApart(stage, twins, isTwin, pageSize, ended);
  for await (const page of pagesOf(stage, pageSize)) {
    for (const row of page.rows) {
      if (pace.isDue()) await pace.rest();
      missing.delete(row.contact_id);
      if (row.entry !== null) sink.refused({ id: row.contact_id, name: contactName(row) }, row.entry);
    }
    await walks.page(page);
  }
  for (const id of missing) sink.refused({ id, name: null }, "contact_deleted");
  await walks.finish();
  if (missing.size > 0) await ended();
}

interface Walks {
  page(page: Page): Promise<void>;
  finish(): Promise<void>;
}

const entering = ({ rows }: Page) => rows.filter(({ entry }) => entry === null);

/** Each contact alone, page by page, and behind the last page those that share addresses. */
function walkApart(
  stage: Stage,
  twins: readonly (readonly string[])[],
  isTwin: ReadonlySet<string>,
  pageSize: number,
  ended: () => Promise<void>,
): Walks {
  const starts = new Map<string, number>();
  // Nobody else has the address of a contact without twins, unless the flow writes addresses.
  const ofTheirOwn = writesContacts(stage.flow) ? stage : { ...stage, facts: { ...stage.facts, book: undefined } };
  const alone = walkEach(ofTheirOwn);
  return {
    async page(page) {
      for (const row of entering(page)) {
        if (stage.pace.isDue()) await stage.pace.rest();
        const begins = stage.nextStart(row);
        if (isTwin.has(row.contact_id)) starts.set(row.contact_id, begins);
        else await alone.walk(begin(stage, row, begins, page.knownOf(row.contact_id)));
      }
      await alone.finish();
      await ended();
    },
    async finish() {
      for (const ids of packed(twins, pageSize)) {
        const read = () => readRows(stage, (tx) => readNamed(tx, stage.audience, ids, stage.context.clock));
        const { rows, knownOf } = await stage.pace.during(read);
        const group = rows.flatMap((row) => {
          const begins = starts.get(row.contact_id);
          return begins === undefined ? [] : [begin(stage, row, begins, knownOf(row.contact_id))];
        });
        await walkTogether(stage, group);
        await ended();
      }
    },
  };
}

/**
 * All contacts side by side, in portions in the order in which they are enrolled. Each portion has its share of the limits, so that
 * what is in memory does not depend on how many contacts there are.
 */
function walkInPortions(stage: Stage, limits: SenderAndDayLimits, isTwin: ReadonlySet<string>, ended: () => Promise<void>): Walks {
  const { facts } = stage;
  const book = facts.book && (writesContacts(stage.flow) ? facts.book : new AddressBook(isTwin));
  const sharing = { ...stage, facts: { ...facts, book } };
  let portion: Walked[] = [];
  let looked = 0;
  const walkPortion = async () => {
    limits.begin(looked);
    const walked = portion;
    [portion, looked] = [[], 0];
    await walkTogether(sharing, walked);
    await ended();
  };
  return {
    async page(page) {
      looked += page.rows.length;
      for (const row of entering(page)) portion.push(begin(stage, row, stage.nextStart(row), page.knownOf(row.contact_id)));
      if (looked >= largestGroup) await walkPortion();
    },
    finish: walkPortion,
  };
}

/** Groups of contacts of whom only one gets the messages to an address. */
async function readTwins({ context, audience, facts, pace }: Stage, { channels }: WalkedAudience): Promise<string[][]> {
  if (!facts.book) return [];
  const read = () => asReader(context.db, audience.workspaceId, (tx) => findTwins(tx, audience, channels));
  return joinGroups(await pace.during(read));
}

interface Page {
  rows: AudienceRow[];
  knownOf(contactId: string): KnownOfContact;
}

/** The pages of the audience. While one is walked the next is read. */
async function* pagesOf(stage: Stage, pageSize: number): AsyncGenerator<Page> {
  const readBehind = (after: string | null) =>
    readRows(stage, (tx) => readPage(tx, stage.audience, { after, limit: pageSize }, stage.context.clock));
  let next: Promise<Page> | undefined = readBehind(null);
  try {
    while (next) {
      const read = next;
      const page: Page = await stage.pace.during(() => read);
      const last = page.rows.length === pageSize ? page.rows.at(-1) : undefined;
      next = last && readBehind(last.contact_id);
      // Its failure is told when it is waited for.
      next?.catch(() => undefined);
      yield page;
    }
  } finally {
    // A walk that ends before leaves no statement behind.
    await next?.catch(() => undefined);
  }
}

const nothing: readonly CountedMessage[] = [];

function readRows(
  { context, audience: { workspaceId }, facts, needsConsent, pools }: Stage,
  read: (tx: Tx) => Promise<AudienceRow[]>,
): Promise<Page> {
  const { marketingPerDay, marketingPerWeek } = facts.gate.rules;
  const days = marketingPerDay === null && marketingPerWeek === null ? 1 : 7;
  return asReader(context.db, workspaceId, async (tx) => {
    const rows = await read(tx);
    const contactIds = rows.map(({ contact_id }) => contact_id);
    const { had } = await readCountedMessages(tx, { workspaceId, contactIds, days }, context.clock);
    const consented = needsConsent ? await findConsented(tx, { workspaceId, channel: "sms", contactIds }) : () => new Set<string>();
    const wrote = asksWhoWrote({ channel: "sms", kind: "conversational" }, facts.gate.rules.quietHours)
      ? await readWroteLately(tx, { workspaceId, channel: "sms", contactIds }, context.clock)
      : new Map<string, number>();
    const lastSenders: [Channel, ReadonlyMap<string, string>][] = [];
    for (const pool of pools) lastSenders.push([pool.channel, await readLastSenders(tx, pool, contactIds)]);
    const lastOf = (id: string) =>
      lastSenders.flatMap(([channel, last]): [Channel, string][] => {
        const sender = last.get(id);
        return sender === undefined ? [] : [[channel, sender]];
      });
    const knownOf = (id: string) => {
      return { had: had.get(id) ?? nothing, consented: consented(id), wroteAt: wrote.get(id), lastSenders: lastOf(id) };
    };
    return { rows, knownOf };
  });
}
