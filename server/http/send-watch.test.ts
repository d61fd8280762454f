import { sql } from "kysely";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Send } from "#contract/sends.ts";
import type { Db } from "#db/client.ts";
import { findSend } from "#db/queries/sends.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { type HistorySeed, seedHistory } from "#test/seed-history.ts";
import { createSendWatch } from "./send-watch.ts";

let db: TestDb;
let seed: HistorySeed;
const workspaceId = "ours";
beforeAll(async () => {
  db = await createTestDb();
  await sql`insert into workspaces (id, name) values ('ours', 'Ours')`.execute(db.owner);
  seed = await seedHistory(db.owner, workspaceId);
});
afterAll(() => db.drop());

/** The database with a count of its queries; `failing` makes it refuse them. */
function counted(): { db: Db; asked: () => number; fail(failing: boolean): void } {
  let asked = 0;
  let refuse = false;
  const watched = db.owner.withPlugin({
    transformQuery: ({ node }) => {
      asked += 1;
      if (refuse) throw new Error("The database is away");
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  const fail = (failing: boolean) => {
    refuse = failing;
  };
  return { db: watched, asked: () => asked, fail };
}

async function newSend(): Promise<Send> {
  const { id } = await seed.send(await seed.flow(), { counters: { expected: 10, enrolled: 10 } });
  return (await findSend(db.owner, { workspaceId, id })) as Send;
}
const complete = (send: Send, completed: number, state = "running") =>
  sql`update flow_sends set completed = ${completed}, state = ${state} where id = ${send.id}::uuid`.execute(db.owner);
const log = pino({ level: "silent" });

/** The timers of a watch, run by hand. */
function handClock() {
  const waiting: { read: () => Promise<void>; milliseconds: number }[] = [];
  return {
    later: (read: () => Promise<void>, milliseconds: number) => void waiting.push({ read, milliseconds }),
    /** Lets the time of every timer come, and waits until they have read. */
    pass: () => Promise.all(waiting.splice(0).map(({ read }) => read())),
    /** The milliseconds of the timers that wait. */
    waiting: () => waiting.map(({ milliseconds }) => milliseconds),
  };
}

test("a hundred watchers of a send are served by one reader, and all hear the same", async () => {
  const watched = counted();
  const clock = handClock();
  const watch = createSendWatch({ db: watched.db, log, lively: 20, later: clock.later });
  const send = await newSend();
  const heard: number[][] = [];
  for (let count = 0; count < 100; count += 1) {
    const mine: number[] = [];
    heard.push(mine);
    watch.watch(send, { workspaceId }, (latest) => mine.push(latest.completed));
  }
  await complete(send, 3);
  await clock.pass();
  await complete(send, 10, "done");
  await clock.pass();
  expect(heard.every((mine) => mine.join() === "3,10")).toBe(true);
  expect([watched.asked(), clock.waiting()], "one query for each read, and none once the send is over").toEqual([2, []]);
});

test("without watchers nothing is read, and a later one hears again", async () => {
  const watched = counted();
  const clock = handClock();
  const watch = createSendWatch({ db: watched.db, log, lively: 10, later: clock.later });
  const send = await newSend();
  const first = watch.watch(send, { workspaceId }, () => {});
  await clock.pass();
  first.stop();
  await clock.pass();
  expect([watched.asked(), clock.waiting()]).toEqual([1, []]);

  const heard: number[] = [];
  watch.watch(send, { workspaceId }, (latest) => heard.push(latest.completed));
  await complete(send, 5);
  await clock.pass();
  await complete(send, 10, "done");
  await clock.pass();
  expect(heard).toEqual([5, 10]);
});

test("a send that rests is read less often, and noticed when it goes on", async () => {
  const watched = counted();
  const clock = handClock();
  const watch = createSendWatch({ db: watched.db, log, lively: 5, resting: 200, later: clock.later });
  const send = await newSend();
  const heard: number[] = [];
  watch.watch(send, { workspaceId }, (latest) => heard.push(latest.completed));
  for (let read = 0; read < 20; read += 1) {
    expect(clock.waiting()).toEqual([5]);
    await clock.pass();
  }
  expect(clock.waiting()).toEqual([200]);
  await complete(send, 5);
  await clock.pass();
  expect([heard, clock.waiting()]).toEqual([[5], [5]]);
  await complete(send, 10, "done");
  await clock.pass();
  expect([heard, clock.waiting()]).toEqual([[5, 10], []]);
});

test("a database that is away for a while costs the watchers nothing but time", async () => {
  const watched = counted();
  const clock = handClock();
  const watch = createSendWatch({ db: watched.db, log, lively: 10, later: clock.later });
  const send = await newSend();
  const heard: number[] = [];
  watch.watch(send, { workspaceId }, (latest) => heard.push(latest.completed));
  watched.fail(true);
  await complete(send, 10, "done");
  await clock.pass();
  await clock.pass();
  expect(heard).toEqual([]);
  watched.fail(false);
  await clock.pass();
  expect(heard).toEqual([10]);
});
