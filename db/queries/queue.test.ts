import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import { buildContact, buildWorkspace } from "#test/factories.ts";
import { type HistorySeed, seedHistory } from "#test/seed-history.ts";
import { asMember } from "../client.ts";
import { addMember } from "./members.ts";
import { createPerson } from "./people.ts";
import { readQueue } from "./queue.ts";
import { saveQueueLimits } from "./queue-limits.ts";

let db: TestDb;
let workspaceId: string;
let seed: HistorySeed;
beforeAll(async () => {
  db = await createTestDb();
});
beforeEach(async () => {
  workspaceId = await buildWorkspace(db.owner);
  seed = await seedHistory(db.owner, workspaceId);
});
afterAll(() => db.drop());

const read = (of = workspaceId) => readQueue(db.owner, { workspaceId: of });
const placesOf = ({ active, executing, queued, waiting, held }: Awaited<ReturnType<typeof read>>) => ({
  active,
  executing,
  queued,
  waiting,
  held,
});

/** A send of two lanes with chunks of 500, all of it enrolled. */
async function buildSend(counters: { enrolled: number; completed?: number }, state = "running") {
  const send = await seed.send(await seed.flow(), { state, counters: { expected: counters.enrolled, ...counters } });
  await sql`update flow_sends set lanes = 2, chunk_size = 500, enrolled_at = now() where id = ${send.id}::uuid`.execute(db.owner);
  return send;
}

async function buildTurn(isQuick = false): Promise<string> {
  const id = randomUUID();
  await sql`insert into private.turns (id, workspace_id, worker_id, is_quick, began_at)
    values (${id}::uuid, ${workspaceId}, ${randomUUID()}::uuid, ${isQuick}, now())`.execute(db.owner);
  return id;
}

async function buildLane(sendId: string, lane: number, from: number, more: { turn?: string; upto?: number; readyIn?: number } = {}) {
  await sql`insert into private.send_lanes (send_id, lane, workspace_id, from_seq, ready_at, served_at, turn_id, upto_seq)
    values (${sendId}::uuid, ${lane}, ${workspaceId}, ${from}, now() + ${more.readyIn ?? 0}::float8 * interval '1 second', now() - interval '90 seconds',
      ${more.turn ?? null}::uuid, ${more.upto ?? null}::int)`.execute(db.owner);
}

async function buildSleeper(send: { id: string; versionId: string }, seq: number, dueIn: number, turn?: string) {
  const contactId = await buildContact(db.owner, workspaceId);
  const id = await seed.execution(send, { contactId, status: "running", seq });
  await sql`insert into wake_ups (flow_execution_id, workspace_id, flow_version_id, due_at, node_id, turn_id)
    values (${id}::uuid, ${workspaceId}, ${send.versionId}::uuid, now() + ${dueIn}::float8 * interval '1 second', 'delay', ${turn ?? null}::uuid)`.execute(
    db.owner,
  );
}

describe("where executions stand", () => {
  test("an empty workspace has nothing under way, whatever its neighbours do", async () => {
    const send = await buildSend({ enrolled: 2_000 });
    await buildLane(send.id, 0, 0, { turn: await buildTurn(), upto: 500 });
    const queue = await read(await buildWorkspace(db.owner));
    expect(placesOf(queue)).toEqual({ active: 0, executing: 0, queued: 0, waiting: 0, held: 0 });
    expect([queue.sends, queue.oldestDueSeconds, queue.lanes]).toEqual([[], 0, { limit: 4, used: 0 }]);
  });

  test("what a lane has in hand is executing, what lies before it is queued, and whoever it has passed waits", async () => {
    const send = await buildSend({ enrolled: 2_300, completed: 300 });
    await buildLane(send.id, 0, 1_000, { turn: await buildTurn(), upto: 1_500 });
    await buildLane(send.id, 1, 500);
    const queue = await read();
    // Lane 0: 500 in hand, 300 after them (2,000 to 2,299). Lane 1: 500 to 999 and 1,500 to 1,999.
    expect(placesOf(queue)).toEqual({ active: 2_000, executing: 500, queued: 1_300, waiting: 200, held: 0 });
    expect(queue.sends).toMatchObject([{ id: send.id, active: 2_000, executing: 500, queued: 1_300, waiting: 200, held: 0, total: 2_300 }]);
    expect(queue.lanes.used).toBe(1);
  });

  test("a hold whose turn is gone is no hold", async () => {
    const send = await buildSend({ enrolled: 500 });
    await buildLane(send.id, 0, 0, { turn: randomUUID(), upto: 500 });
    expect(placesOf(await read())).toMatchObject({ executing: 0, queued: 500 });
  });

  test("a lane whose moment has not come waits: a start in the future, an undo window, a provider's rate", async () => {
    const send = await buildSend({ enrolled: 700 });
    await buildLane(send.id, 0, 0, { readyIn: 60 });
    await buildLane(send.id, 1, 500, { readyIn: 60 });
    expect(placesOf(await read())).toEqual({ active: 700, executing: 0, queued: 0, waiting: 700, held: 0 });
  });

  test("all of a paused send is held, except what is in somebody's hands", async () => {
    const send = await buildSend({ enrolled: 1_000 }, "paused");
    await buildLane(send.id, 0, 0, { turn: await buildTurn(), upto: 500 });
    await buildLane(send.id, 1, 500);
    expect(placesOf(await read())).toEqual({ active: 1_000, executing: 500, queued: 0, waiting: 0, held: 500 });
  });

  test("while a send is being enrolled, its seats are queued though their lanes are not there yet", async () => {
    const send = await buildSend({ enrolled: 1_500 }, "enrolling");
    await sql`update flow_sends set enrolled_at = null where id = ${send.id}::uuid`.execute(db.owner);
    await buildLane(send.id, 0, 500 * 2);
    expect(placesOf(await read())).toMatchObject({ active: 1_500, queued: 1_000, waiting: 500 });
  });

  test("who sleeps waits, whose time has come is queued, who was taken up is executing", async () => {
    const send = await buildSend({ enrolled: 4 });
    await buildSleeper(send, 0, 3_600);
    await buildSleeper(send, 1, -70);
    await buildSleeper(send, 2, 4, await buildTurn(true));
    await buildSleeper(send, 3, 4, randomUUID());
    const queue = await read();
    expect(placesOf(queue)).toEqual({ active: 4, executing: 1, queued: 1, waiting: 2, held: 0 });
    expect(queue.oldestDueSeconds).toBeGreaterThanOrEqual(70);
    // A quick turn does not count against the lanes.
    expect(queue.lanes.used).toBe(0);
  });

  test("a lane that nobody takes up is due since it could be served", async () => {
    const send = await buildSend({ enrolled: 500 });
    await buildLane(send.id, 0, 0, { readyIn: -80 });
    const { oldestDueSeconds } = await read();
    expect(oldestDueSeconds).toBeGreaterThanOrEqual(80);
    expect(oldestDueSeconds).toBeLessThan(90);
  });

  test("the sums count every send, also those beyond the newest that are listed: at work, waiting and paused", async () => {
    const at = { created_at: "2026-01-01T00:00:00Z" };
    const flow = await seed.flow();
    const counters = { expected: 10, enrolled: 10 };
    const atWork = await seed.send(flow, { state: "running", counters: { expected: 500, enrolled: 500 }, ...at });
    await sql`update flow_sends set lanes = 1, chunk_size = 500, enrolled_at = now() where id = ${atWork.id}::uuid`.execute(db.owner);
    await buildLane(atWork.id, 0, 0, { turn: await buildTurn(), upto: 100 });
    await seed.send(flow, { state: "paused", counters, ...at });
    await seed.send(flow, { state: "running", counters: { ...counters, completed: 4 }, ...at });
    await sql`insert into flow_sends (workspace_id, flow_id, flow_version_id, state, selection, expected, enrolled, enrolled_at)
      select workspace_id, flow_id, flow_version_id, 'running', selection, 1, 1, now() from flow_sends, generate_series(1, 220)
      where id = ${atWork.id}::uuid`.execute(db.owner);
    const queue = await read();
    expect(placesOf(queue)).toEqual({ active: 736, executing: 100, queued: 400, waiting: 226, held: 10 });
    expect(queue.sends).toHaveLength(200);
  });

  test("a send that is over is not in the queue", async () => {
    const send = await buildSend({ enrolled: 3, completed: 3 }, "done");
    await sql`update flow_sends set ended_at = now() where id = ${send.id}::uuid`.execute(db.owner);
    expect((await read()).sends).toEqual([]);
  });
});

test("messages in doubt are counted from the moment they are, and no longer once their answer is known", async () => {
  const unknown = async () => (await read()).unknownMessages;
  const ids = [await seed.message({ status: "sending" }), await seed.message({ status: "sending" })];
  expect(await unknown()).toBe(0);
  await sql`update messages set status = 'unknown' where id = any(${sql.val(ids)}::uuid[])`.execute(db.owner);
  expect(await unknown()).toBe(2);
  await sql`update messages set status = 'sent' where id = ${ids[0]}::uuid`.execute(db.owner);
  expect(await unknown()).toBe(1);
});

describe("limits", () => {
  const limits = { lanes: 7, channels: [{ channel: "email" as const, perMinute: 120 }] };
  async function memberAs(role: "admin" | "editor", of = workspaceId) {
    const person = await createPerson(db.owner as never, { name: role, email: `${randomUUID()}@example.com`, passwordHash: "x" });
    await addMember(db.owner, { workspaceId: of, userId: person?.id as string, role });
    return person?.id as string;
  }
  const save = (userId: string) => asMember(db.api, { userId, write: true }, (tx) => saveQueueLimits(tx, { workspaceId, limits }));

  test("are refused to an editor and to the admin of another workspace", async () => {
    await expect(save(await memberAs("editor"))).rejects.toMatchObject({ code: "42501" });
    await expect(save(await memberAs("admin", await buildWorkspace(db.owner)))).rejects.toMatchObject({ code: "42501" });
    expect((await read()).lanes.limit).toBe(4);
  });

  test("an admin sets them, changes one without the other, and takes a rate away", async () => {
    const userId = await memberAs("admin");
    await save(userId);
    expect(await read()).toMatchObject({
      lanes: { limit: 7 },
      channels: [
        { channel: "sms", perMinute: null, free: null },
        { channel: "email", perMinute: 120 },
      ],
    });
    await asMember(db.api, { userId, write: true }, (tx) => saveQueueLimits(tx, { workspaceId, limits: { lanes: 2 } }));
    expect(await read()).toMatchObject({ lanes: { limit: 2 }, channels: [{}, { channel: "email", perMinute: 120 }] });
    const none = { channels: [{ channel: "email" as const, perMinute: null }] };
    await asMember(db.api, { userId, write: true }, (tx) => saveQueueLimits(tx, { workspaceId, limits: none }));
    expect(await read()).toMatchObject({ lanes: { limit: 2 }, channels: [{}, { channel: "email", perMinute: null, free: null }] });
  });

  test("no member reaches the engine's own part of them by SQL, and none may only read", async () => {
    const userId = await memberAs("admin");
    await save(userId);
    const cheat = asMember(db.api, { userId, write: true }, (tx) => sql`update private.channel_gates set tokens = 1e9`.execute(tx));
    await expect(cheat).rejects.toThrow(/permission denied/);
    const reading = asMember(db.api, { userId, write: false }, (tx) => saveQueueLimits(tx, { workspaceId, limits }));
    await expect(reading).rejects.toMatchObject({ code: "42501" });
  });
});
