import { loadavg } from "node:os";
import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import { readInboxState, readThreadMark } from "#db/queries/inbox-state.ts";
import type { Client } from "#test/http-client.ts";
import { type BenchOptions, below, exactly, type Outcome } from "./outcome.ts";
import { must, startServer } from "./product.ts";
import { openInbox, rareWord } from "./seed-inbox.ts";
import { fullSizes, quickSizes } from "./sizes.ts";
import { round, spread } from "./statistics.ts";

/** Milliseconds: for whatever a person waits for, and for what the server reads twice a second for those who look. */
const budgets = { person: 300, stream: 25 };

const kinds = ["list page", "unread count", "open conversation", "search"] as const;
type Kind = (typeof kinds)[number];

interface Question {
  kind: Kind;
  name: string;
  path: string;
}

interface Samples {
  contactId: string;
  busiestId: string;
  /** A message from the middle of the busiest conversation. */
  messageId: string;
  email: string;
  phone: string;
}

/**
 * Every look at an inbox of 200,000 conversations and 2,000,000 messages: over HTTP as a signed-in person, thirty times each; and what the
 * stream reads from the database for everybody who looks.
 */
export async function measureInbox({ quick }: BenchOptions): Promise<Outcome> {
  const size = (quick ? quickSizes : fullSizes).inbox;
  const bench = await openInbox(size);
  try {
    const server = await startServer(bench, "web");
    try {
      const workspace = await bench.db.selectFrom("workspaces").select("id").where("name", "=", "Inbox").executeTakeFirstOrThrow();
      const client = server.owner.with({ "x-workspace-id": workspace.id });
      const samples = await pickSamples(bench.db, workspace.id);
      const { nextCursor } = must(await client.get("/api/conversations?status=all")).body;
      const times = quick ? 1 : 30;
      const rows = [];
      for (const question of questions(samples, nextCursor)) rows.push({ ...question, ...(await measure(client, question.path, times)) });
      const place = { workspaceId: workspace.id };
      const marks = {
        "the state of the list": await timesOf(() => readInboxState(bench.db, place), times),
        "the mark of the busiest conversation": await timesOf(
          () => readThreadMark(bench.db, { ...place, contactId: samples.busiestId }),
          times,
        ),
      };
      const { messages } = must(await client.get(`/api/conversations/search?search=${rareWord.word}`)).body;
      return report({ size, rows, marks, found: messages.length });
    } finally {
      await server.stop();
    }
  } finally {
    await bench.stop();
  }
}

async function pickSamples(db: Db, workspaceId: string): Promise<Samples> {
  const { rows } = await sql<Samples>`
    with busiest as (
      select contact_id as id from inbound_messages where workspace_id = ${workspaceId} group by 1 order by count(*) desc limit 1
    ), person as (
      select c.id, c.email, c.phone_e164 from contacts c join conversations v on v.workspace_id = c.workspace_id and v.contact_id = c.id
      where c.workspace_id = ${workspaceId} and c.email is not null and c.phone_e164 is not null order by c.id limit 1
        offset (select count(*) / 2 from conversations v where v.workspace_id = ${workspaceId})
    )
    select (select id from person) as "contactId", (select id from busiest) as "busiestId", (select email from person) as email,
      (select phone_e164 from person) as phone,
      (select m.id from messages m where m.contact_id = (select id from busiest) order by m.created_at
        offset (select count(*) / 2 from messages m where m.contact_id = (select id from busiest)) limit 1) as "messageId"`.execute(db);
  return rows[0] as Samples;
}

function questions({ contactId, busiestId, messageId, email, phone }: Samples, nextCursor: string | null): Question[] {
  const lists: Record<string, Record<string, string>> = {
    open: {},
    "open, mine": { assignee: "me" },
    "open, nobody’s": { assignee: "nobody" },
    closed: { status: "closed" },
    all: { status: "all" },
    "all, the second page": { status: "all", ...(nextCursor && { cursor: nextCursor }) },
  };
  const searches: Record<string, string> = {
    "a word of every second message": "appointment",
    "a word of one message in fifty": "invoice",
    "a word of twenty messages": rareWord.word,
    "a word of old messages": "anniversary",
    "a word nobody wrote": "quixotic",
    "two words, one of them common": "appointment invoice",
    "two words that are never together": "park anniversary stop",
    "a common name": "smith",
    "a rare name": "novak 3fa",
    "a name in other letters": "muller",
    "an e-mail address": email,
    "a phone number": phone,
    "a phone number as it is dialled": `(${phone.slice(2, 5)}) ${phone.slice(5, 8)}-${phone.slice(8)}`,
    "a piece of a phone number": `${phone.slice(5, 7)} ${phone.slice(7, 10)}`,
    "one letter": "a",
    "one Chinese character": "王",
  };
  const path = (given: Record<string, string>) => new URLSearchParams(given);
  return [
    ...Object.entries(lists).map(([name, given]): Question => ({ kind: "list page", name, path: `/api/conversations?${path(given)}` })),
    { kind: "unread count", name: "all", path: "/api/conversations/unread" },
    { kind: "open conversation", name: "a usual one", path: `/api/conversations/${contactId}` },
    { kind: "open conversation", name: "the busiest", path: `/api/conversations/${busiestId}` },
    { kind: "open conversation", name: "the busiest, in its middle", path: `/api/conversations/${busiestId}?around=${messageId}` },
    ...Object.entries(searches).map(
      ([name, search]): Question => ({ kind: "search", name, path: `/api/conversations/search?${path({ search })}` }),
    ),
  ];
}

async function measure(client: Client, path: string, times: number) {
  return timesOf(async () => must(await client.get(path)), times);
}

/** The first time does not count. */
async function timesOf(ask: () => Promise<unknown>, times: number) {
  const began = performance.now();
  await ask();
  const first = Math.round(performance.now() - began);
  const taken: number[] = [];
  const loads: number[] = [];
  while (taken.length < times) {
    const begun = performance.now();
    await ask();
    taken.push(performance.now() - begun);
    loads.push(loadavg()[0] ?? 0);
  }
  const { p50, p95, max } = spread(taken);
  return { p50, p95, max, first, samples: times, load: round(loads.reduce((sum, load) => sum + load, 0) / loads.length, 1) };
}

interface Measured {
  size: object;
  rows: (Question & Awaited<ReturnType<typeof timesOf>>)[];
  marks: Record<string, Awaited<ReturnType<typeof timesOf>>>;
  found: number;
}

function report({ size, rows, marks, found }: Measured): Outcome {
  const slowest = kinds.map((kind) => {
    const ofKind = rows.filter((row) => row.kind === kind).toSorted((a, b) => b.p95 - a.p95);
    return { ...(ofKind[0] as Measured["rows"][number]), many: ofKind.length };
  });
  return {
    figures: { size, rows, marks },
    goals: [
      ...slowest.map(({ kind, many, name, p95 }) => below(`${kind}, p95 of the slowest of ${many}: ${name}`, p95, budgets.person, "ms")),
      ...Object.entries(marks).map(([name, { p95 }]) => below(`${name}, as the stream reads it, p95`, p95, budgets.stream, "ms")),
      exactly("messages with the rare word that were found", found, rareWord.messages),
    ],
    notes: [
      "Over HTTP with a session cookie, one request at a time, 30 times each after one that is kept as `first`. `load`: of the machine, while each was asked.",
      ...rows
        .filter(({ p95 }) => p95 > budgets.person)
        .map(({ kind, name, p95, load }) => `over its budget: ${kind}: ${name}: ${p95} ms at a load of ${load}`),
    ],
  };
}
