import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import type { Answer, Client } from "#test/http-client.ts";
import type { BenchOptions, Goal, Outcome } from "./outcome.ts";
import { exactly } from "./outcome.ts";
import type { PageQuery, Samples } from "./page-queries.ts";
import { pageQueries } from "./page-queries.ts";
import { must, startServer } from "./product.ts";
import { openHistory } from "./seed-history.ts";
import { fullSizes, quickSizes } from "./sizes.ts";
import { spread } from "./statistics.ts";

/** Enough for a p95; a slow one is asked fewer times. */
const samplesOf = (isQuick: boolean) => (isQuick ? 1 : 20);
const longestPerQuery = 3_000;

/**
 * Every query behind a screen, over HTTP as a signed-in person, so with session, role and row level security, on a
 * workspace of 1,000,000 contacts and executions with a neighbour a tenth as large. Each is asked once before counting,
 * because after a restart nothing is in memory. That first time is kept too.
 */
export async function measurePages({ quick }: BenchOptions): Promise<Outcome> {
  const size = (quick ? quickSizes : fullSizes).history;
  const bench = await openHistory(size);
  try {
    const server = await startServer(bench, "web");
    try {
      const workspace = await bench.db.selectFrom("workspaces").select("id").where("name", "=", "History").executeTakeFirstOrThrow();
      const client = server.owner.with({ "x-workspace-id": workspace.id });
      const queries = pageQueries(await pickSamples(bench.db, workspace.id));
      const rows = [];
      for (const query of queries) rows.push(await measure(client, query, samplesOf(quick)));
      return { ...judge(rows), figures: { size, sizes: await readSizes(bench.db), queries: rows } };
    } finally {
      await server.stop();
    }
  } finally {
    await bench.stop();
  }
}

async function measure(client: Client, query: PageQuery, samples: number) {
  const first = await ask(client, query);
  const times: number[] = [];
  let givenUp = 0;
  for (let spent = first.ms; times.length < samples && (spent < longestPerQuery || times.length < Math.min(2, samples)); ) {
    const again = await ask(client, query);
    times.push(again.ms);
    spent += again.ms;
    if (again.givenUp) givenUp += 1;
  }
  const { p50, p95, max } = spread(times);
  return {
    name: query.name,
    p50,
    p95,
    max,
    first: Math.round(first.ms),
    budget: query.budget,
    rows: first.rows,
    requests: first.requests,
    slowestRequest: Math.round(first.slowest),
    samples: times.length,
    givenUp,
    path: query.path,
  };
}

async function ask(client: Client, { path, pages = 1 }: PageQuery) {
  const begun = performance.now();
  let rows: number | undefined;
  let requests = 0;
  let slowest = 0;
  for (let cursor: string | null = ""; cursor !== null && requests < pages; requests += 1) {
    const asked = performance.now();
    const answer: Answer = await client.get(cursor ? `${path}&cursor=${encodeURIComponent(cursor)}` : path);
    slowest = Math.max(slowest, performance.now() - asked);
    // The API cancels a statement that takes too long, which is the worst result of a query.
    if (answer.status === 503) return { ms: performance.now() - begun, rows, requests: requests + 1, slowest, givenUp: true };
    must(answer);
    const { body } = answer;
    if (Array.isArray(body?.items)) rows = (rows ?? 0) + body.items.length;
    else if (typeof body?.total === "number") rows = body.total;
    cursor = body?.nextCursor ?? null;
  }
  return { ms: performance.now() - begun, rows, requests, slowest, givenUp: false };
}

/** Ids of what a person would have opened: a busy flow and a small one, a send, a contact with a history. */
export async function pickSamples(db: Db, workspaceId: string): Promise<Samples> {
  const { rows } = await sql<Samples>`
    with flows as (select flow_id, sum(enrolled) as size from flow_sends where workspace_id = ${workspaceId} group by flow_id),
    page as (select id, contact_id from flow_executions where workspace_id = ${workspaceId} and contact_id is not null order by created_at limit 50)
    select (select contact_id from page limit 1) as "contactId",
      (select flow_id from flows order by size desc limit 1) as "flowId", (select flow_id from flows order by size limit 1) as "smallFlowId",
      (select id from flow_sends where workspace_id = ${workspaceId} order by enrolled desc, created_at limit 1) as "sendId",
      (select array_agg(id) from page) as "executionIds", person.email, person.phone_e164 as phone
    from contacts person where person.id = (select p.contact_id from page p join contacts c on c.id = p.contact_id
      where c.email is not null and c.phone_e164 is not null limit 1)`.execute(db);
  return rows[0] as Samples;
}

async function readSizes(db: Db) {
  const { rows } = await sql<{ table: string; rows: number; bytes: number; indexBytes: number }>`
    select c.relname as table, c.reltuples::float8 as rows, pg_table_size(c.oid)::float8 as bytes, pg_indexes_size(c.oid)::float8 as "indexBytes"
    from pg_class c where c.relname = any(array['contacts', 'flow_executions', 'flow_execution_steps', 'messages']) and c.relkind = 'r'`.execute(
    db,
  );
  return rows;
}

function judge(rows: readonly Awaited<ReturnType<typeof measure>>[]): Pick<Outcome, "goals" | "notes"> {
  const over = rows.filter(({ p95, budget, givenUp }) => p95 > budget || givenUp > 0);
  const slowest = rows.toSorted((a, b) => b.p95 / b.budget - a.p95 / a.budget).slice(0, 1);
  const goals: Goal[] = [
    exactly(`queries over their budget (p95), of ${rows.length}`, over.length, 0),
    ...slowest.map(({ name, p95, budget }) => ({
      what: `the worst of them: ${name}`,
      goal: `≤ ${budget} ms`,
      measured: p95,
      met: p95 <= budget,
    })),
  ];
  return {
    goals,
    notes: [
      "Budgets (p95): first rows of contacts and of a search of messages 300 ms, a page of history and all else 200 ms, counts 1 s, a rare status until all of it is found 1 s.",
      "Over HTTP with a session cookie, one request at a time, 20 times each after one that is kept as `first`.",
      ...over.map(({ name, p95, budget }) => `over its budget: ${name}: ${p95} ms of ${budget} ms`),
    ],
  };
}
