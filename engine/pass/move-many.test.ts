import { sql } from "kysely";
import { expect, test } from "vitest";
import { freeTheDead, sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpWorkspace, workspaceId } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import { publishGraph } from "#test/publish.ts";
import { expectTotalsToAddUp } from "#test/totals.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";

setUpWorkspace();

/** Three portions, so that there is one before the first death and one behind the second. MOVE_PEOPLE=100000 is the number of the acceptance list. */
const people = Number(process.env.MOVE_PEOPLE ?? 25_000);
const hour = 3600;
const flow = (seconds: number) => chain(node("start"), wait(seconds), sms("two", {}, "two"));

interface Dues {
  waiting: number;
  earliest: number;
  latest: number;
  versions: number;
}

/** When those who wait are due, in seconds from the beginning of their wait. */
async function readDues(): Promise<Dues> {
  const { rows } = await sql<Dues>`
    select count(*)::int as waiting, count(distinct w.flow_version_id)::int as versions,
      min(extract(epoch from w.due_at - s.started_at))::float8 as earliest, max(extract(epoch from w.due_at - s.started_at))::float8 as latest
    from wake_ups w join flow_executions e on e.id = w.flow_execution_id
    join flow_execution_steps s on s.flow_execution_id = e.id and s.node_id = 'delay' and s.status = 'waiting'
    where w.workspace_id = ${workspaceId}`.execute(db.owner);
  return rows[0] as Dues;
}

/** From now on, keeps when each execution is due as it was first written. */
async function noteDues(): Promise<void> {
  const statements = [
    sql`create table noted_dues (flow_execution_id uuid primary key, due_at timestamptz not null)`,
    sql`create function note_due() returns trigger language plpgsql security definer as $$
      begin
        insert into public.noted_dues values (new.flow_execution_id, new.due_at) on conflict do nothing;
        return null;
      end $$`,
    sql`create trigger note_due after insert or update of due_at on wake_ups for each row execute function note_due()`,
  ];
  for (const statement of statements) await statement.execute(db.owner);
}

test(`${people.toLocaleString("en")} people follow a shorter wait, each once and due from the beginning of their wait, although the worker is killed twice`, async () => {
  const first = await startTestEngine(db.owner);
  const flowId = await buildFlow(db.owner, workspaceId, flow(2 * hour));
  await buildContacts(db.owner, workspaceId, people);
  const selection = { type: "filter" as const, filter: { tests: [] }, excluded: [] };
  await first.engine.createSend(sendTo(workspaceId, flowId, [], { selection }));
  await first.run();
  expect(await readDues()).toMatchObject({ waiting: people, versions: 1 });

  let worker = first;
  const publish = (seconds: number) =>
    publishGraph(db.owner, worker, { workspaceId, flowId, graph: flow(seconds), moves: [{ nodeId: "delay", action: "follow" }] });
  const { people: counted } = await publish(hour);
  expect(counted).toMatchObject({ following: people, staying: 0, leaving: 0 });
  // Once before a portion is committed, and once behind it.
  for (const [killedAt, times] of [
    ["people-moving", 2],
    ["people-moved", 1],
  ] as const) {
    let passed = 0;
    onBreakPoint((point) => {
      if (point !== killedAt) return;
      passed += 1;
      if (passed === times) throw new SimulatedCrash(point);
    });
    await expect(worker.run()).rejects.toBeInstanceOf(SimulatedCrash);
    onBreakPoint(undefined);
    await freeTheDead(db.owner, worker);
    worker = await startTestEngine(db.owner, { providerFor: async (_, channel) => first.providers[channel] });
  }
  await worker.run();

  const dues = await readDues();
  expect(dues).toMatchObject({ waiting: people, versions: 1 });
  expect(dues.earliest).toBeGreaterThan(hour - 1);
  expect(dues.latest).toBeLessThan(hour + 1);
  const { rows } = await sql<{ moves: number; movers: number }>`
    select count(*)::int as moves, count(distinct flow_execution_id)::int as movers from flow_execution_moves
    where workspace_id = ${workspaceId}`.execute(db.owner);
  expect(rows[0]).toEqual({ moves: people, movers: people });
  await expectTotalsToAddUp(db.owner);

  // A wait that would be over already is over for all of them within ten minutes, and not in one second. On a machine that needs
  // longer than that to move them all, the first have gone on by then; so the moments are noted when they are written.
  await noteDues();
  const now = Date.now();
  await publish(1);
  await worker.run();
  const { rows: spread } = await sql<{ noted: number; first: Date; last: Date; half: number }>`
    select count(*)::int as noted, min(due_at) as first, max(due_at) as last,
      count(*) filter (where due_at < (select min(due_at) + (max(due_at) - min(due_at)) / 2 from noted_dues))::int as half
    from noted_dues`.execute(db.owner);
  const [{ noted, first: earliest, last: latest, half }] = spread as [{ noted: number; first: Date; last: Date; half: number }];
  expect(noted).toBe(people);
  expect(latest.getTime() - earliest.getTime()).toBeGreaterThan(9 * 60_000);
  expect(latest.getTime()).toBeLessThan(Date.now() + 11 * 60_000);
  expect(earliest.getTime()).toBeGreaterThan(now - 60_000);
  expect(half).toBeGreaterThan(people * 0.4);
});
