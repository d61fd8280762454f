import { sql } from "kysely";
import { beforeEach, expect, test } from "vitest";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpTestDb } from "#test/engine-fixture.ts";
import { buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import type { CreateSendInput } from "../engine.ts";
import { defaultWorkSizes } from "../jobs/work-sizes.ts";
import { takePortion } from "./turn-rows.ts";

setUpTestDb();
// The workers of the tests before would count as living until they have been silent for long enough.
beforeEach(() => db.owner.deleteFrom("private.workers").execute());

const everyone: Pick<CreateSendInput, "selection"> = { selection: { type: "filter", filter: { tests: [] }, excluded: [] } };
const flow = (name: string) => chain(node("start"), sms(name), node("end"));

async function workspaceOf(people: number) {
  const workspaceId = await buildWorkspace(db.owner);
  const ids = await buildContacts(db.owner, workspaceId, people);
  return { workspaceId, ids };
}

const takingTurns =
  (sluice: Awaited<ReturnType<typeof startTestEngine>>, workspaceId: string) =>
  async (workerId: string = crypto.randomUUID()) => {
    const turn = { id: crypto.randomUUID(), workspaceId, workerId, quick: false };
    return (await takePortion(db.owner, turn, sluice.driver.clock)).lanes;
  };

/** As after the last page of each send's enrolment. */
async function openAllLanes(workspaceId: string): Promise<void> {
  await sql`update flow_sends set enrolled_at = now(), state = 'running' where workspace_id = ${workspaceId}`.execute(db.owner);
  await sql`
    insert into private.send_lanes (send_id, lane, workspace_id, from_seq, ready_at, served_at)
    select s.id, n, s.workspace_id, n * s.chunk_size, now(), now() from flow_sends s cross join generate_series(0, s.lanes - 1) n
    where s.workspace_id = ${workspaceId} on conflict do nothing`.execute(db.owner);
  await sql`update private.send_lanes set ready_at = now() - interval '1 second' where workspace_id = ${workspaceId}`.execute(db.owner);
}

/** These tests take turns and do no work, so that the totals of their sends never add up. */
async function forgetSends(workspaceId: string): Promise<void> {
  await db.owner.deleteFrom("flow_sends").where("workspace_id", "=", workspaceId).execute();
  await sql`delete from private.turns`.execute(db.owner);
  await sql`delete from private.workers where host = 'test'`.execute(db.owner);
}

/** As many workers as this live, until the sends are forgotten. */
async function addWorkers(workers: number): Promise<void> {
  const { rows } = await sql`select from private.workers`.execute(db.owner);
  await sql`insert into private.workers (id, pool_id, host, pid) select gen_random_uuid(), 'test', 'test', n
    from generate_series(${rows.length + 1}::int, ${workers}::int) n`.execute(db.owner);
}

test("workspaces take turns, however many sends one of them has", async () => {
  const sluice = await startTestEngine(db.owner);
  const busy = await workspaceOf(1_000);
  const other = await workspaceOf(1_000);
  for (let i = 0; i < 5; i += 1) {
    await sluice.engine.createSend({
      ...sendTo(busy.workspaceId, await buildFlow(db.owner, busy.workspaceId, flow(`busy ${i}`)), []),
      ...everyone,
    });
  }
  await sluice.engine.createSend({
    ...sendTo(other.workspaceId, await buildFlow(db.owner, other.workspaceId, flow("other")), []),
    ...everyone,
  });
  await sluice.run();
  const texts = sluice.providers.sms.calls.map(({ text }) => text);
  // Five thousand are before it in number, and yet it is through when at most half of all are.
  expect(texts.lastIndexOf("other")).toBeLessThan(texts.length * 0.6);
  // And the sends of the busy one take turns too: the last of them begins before the first is through.
  expect(texts.indexOf("busy 4")).toBeLessThan(texts.lastIndexOf("busy 0"));
});

test("a send of one goes past a large one, of another workspace and of the same", async () => {
  const sluice = await startTestEngine(db.owner);
  const busy = await workspaceOf(3_000);
  const other = await workspaceOf(1);
  await sluice.engine.createSend({
    ...sendTo(busy.workspaceId, await buildFlow(db.owner, busy.workspaceId, flow("large")), []),
    ...everyone,
  });
  let isFirst = true;
  sluice.providers.sms.answer(async () => {
    if (isFirst) {
      isFirst = false;
      await sluice.engine.createSend(
        sendTo(busy.workspaceId, await buildFlow(db.owner, busy.workspaceId, flow("one here")), busy.ids.slice(0, 1)),
      );
      await sluice.engine.createSend(sendTo(other.workspaceId, await buildFlow(db.owner, other.workspaceId, flow("one there")), other.ids));
    }
    return { outcome: "accepted", providerMessageId: "x" };
  });
  await sluice.run();
  const texts = sluice.providers.sms.calls.map(({ text }) => text);
  // At most the chunk that was in hand comes before them.
  expect(texts.indexOf("one here")).toBeLessThanOrEqual(501);
  expect(texts.indexOf("one there")).toBeLessThanOrEqual(501);
});

test("a workspace never has more turns at once than its limit, and a new limit counts at once", async () => {
  const sluice = await startTestEngine(db.owner);
  const { workspaceId } = await workspaceOf(3_000);
  const { sendId } = await sluice.engine.createSend({
    ...sendTo(workspaceId, await buildFlow(db.owner, workspaceId, flow("x")), []),
    ...everyone,
  });
  await sql`update flow_sends set enrolled_at = now(), state = 'running', enrolled = 0 where id = ${sendId}::uuid`.execute(db.owner);
  await sql`update private.send_lanes set ready_at = now() where send_id = ${sendId}::uuid`.execute(db.owner);
  await sql`insert into private.send_lanes (send_id, lane, workspace_id, from_seq, ready_at, served_at)
    select ${sendId}::uuid, n, ${workspaceId}, n * 500, now(), now() from generate_series(1, 9) n`.execute(db.owner);
  const take = async () => {
    const turn = { id: crypto.randomUUID(), workspaceId, workerId: crypto.randomUUID(), quick: false };
    return (await takePortion(db.owner, turn, sluice.driver.clock)).lanes.length;
  };
  expect([await take(), await take(), await take(), await take(), await take()]).toEqual([1, 1, 1, 1, 0]);
  await sql`insert into private.workspace_limits (workspace_id, lanes) values (${workspaceId}, 6)`.execute(db.owner);
  expect([await take(), await take(), await take()]).toEqual([1, 1, 0]);
  await forgetSends(workspaceId);
});

test("each living worker adds turns, unless the workspace names a number", async () => {
  const sluice = await startTestEngine(db.owner, { workSizes: defaultWorkSizes });
  const { workspaceId } = await workspaceOf(3_000);
  await addWorkers(3);
  await sluice.engine.createSend({ ...sendTo(workspaceId, await buildFlow(db.owner, workspaceId, flow("x")), []), ...everyone });
  const take = takingTurns(sluice, workspaceId);
  await openAllLanes(workspaceId);
  const beat = (id: string) =>
    sql`insert into private.workers (id, pool_id, host, pid) values (${id}::uuid, ${id}, 'test', 1)`.execute(db.owner);
  const before = await sql`select from private.workers`.execute(db.owner);
  for (let workers = before.rows.length; workers < 3; workers += 1) await beat(crypto.randomUUID());
  const taken = [];
  for (let turn = 0; turn < 13; turn += 1) taken.push(await take());
  expect(taken.map((lanes) => lanes.length)).toEqual([...Array<number>(12).fill(1), 0]);
  await forgetSends(workspaceId);
});

test.each([
  { name: "four for each of two workers", lanes: null, first: [1, 1, 1, 1, 0], second: [1, 1, 1, 1, 0] },
  { name: "of three that a workspace names, one worker may have two", lanes: 3, first: [1, 1, 0], second: [1, 0] },
])("no worker takes the turns of another: $name", async ({ lanes, first, second }) => {
  const sluice = await startTestEngine(db.owner, { workSizes: defaultWorkSizes });
  const { workspaceId } = await workspaceOf(3_000);
  await addWorkers(2);
  if (lanes) await sql`insert into private.workspace_limits (workspace_id, lanes) values (${workspaceId}, ${lanes})`.execute(db.owner);
  await sluice.engine.createSend({ ...sendTo(workspaceId, await buildFlow(db.owner, workspaceId, flow("x")), []), ...everyone });
  await openAllLanes(workspaceId);
  const take = takingTurns(sluice, workspaceId);
  for (const expected of [first, second]) {
    const worker = crypto.randomUUID();
    const taken = [];
    for (const _ of expected) taken.push((await take(worker)).length);
    expect(taken).toEqual(expected);
  }
  await forgetSends(workspaceId);
});

test("the sends of a workspace share its turns, however many lanes each of them has", async () => {
  const sluice = await startTestEngine(db.owner, { workSizes: defaultWorkSizes });
  const { workspaceId, ids } = await workspaceOf(3_000);
  const flowId = await buildFlow(db.owner, workspaceId, flow("x"));
  await addWorkers(2);
  const large = await sluice.engine.createSend({ ...sendTo(workspaceId, flowId, []), ...everyone });
  const small = await sluice.engine.createSend(sendTo(workspaceId, flowId, ids.slice(0, 200)));
  await openAllLanes(workspaceId);
  const { rows } = await sql<{ lanes: number }>`select lanes from flow_sends where workspace_id = ${workspaceId} order by lanes`.execute(
    db.owner,
  );
  expect(rows).toEqual([{ lanes: 4 }, { lanes: 16 }]);
  const take = takingTurns(sluice, workspaceId);
  const sends = [];
  for (let turn = 0; turn < 4; turn += 1) sends.push((await take())[0]?.send_id);
  expect(sends.filter((id) => id === small.sendId)).toHaveLength(2);
  expect(sends.filter((id) => id === large.sendId)).toHaveLength(2);
  await forgetSends(workspaceId);
});

test("hundreds of small sends go in a few portions, each to its own", async () => {
  const sluice = await startTestEngine(db.owner);
  const { workspaceId, ids } = await workspaceOf(100);
  const flowId = await buildFlow(db.owner, workspaceId, flow("single"));
  for (const id of ids) await sluice.engine.createSend(sendTo(workspaceId, flowId, [id]));
  const jobs = await sluice.run();
  expect(sluice.providers.sms.calls).toHaveLength(100);
  expect(jobs).toBeLessThan(25);
  const { rows } = await sql`select distinct state, enrolled, completed from flow_sends where workspace_id = ${workspaceId}`.execute(
    db.owner,
  );
  expect(rows).toEqual([{ state: "done", enrolled: 1, completed: 1 }]);
});
