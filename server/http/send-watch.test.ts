import { setTimeout as sleep } from "node:timers/promises";
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

test("a hundred watchers of a send are served by one reader, and all hear the same", async () => {
  const watched = counted();
  const watch = createSendWatch({ db: watched.db, log, lively: 20 });
  const send = await newSend();
  const heard: number[][] = [];
  for (let count = 0; count < 100; count += 1) {
    const mine: number[] = [];
    heard.push(mine);
    watch.watch(send, { workspaceId }, (latest) => mine.push(latest.completed));
  }
  await complete(send, 3);
  await expect.poll(() => heard[0]).toEqual([3]);
  await complete(send, 10, "done");
  await expect.poll(() => heard[0]).toEqual([3, 10]);
  expect(heard.every((mine) => mine.join() === "3,10")).toBe(true);
  // There are far fewer queries than one for each watcher, and none once the send is over.
  const asked = watched.asked();
  expect(asked).toBeLessThan(60);
  await sleep(100);
  expect(watched.asked()).toBe(asked);
});

test("without watchers nothing is read, and a later one hears again", async () => {
  const watched = counted();
  const watch = createSendWatch({ db: watched.db, log, lively: 10 });
  const send = await newSend();
  const first = watch.watch(send, { workspaceId }, () => {});
  await expect.poll(watched.asked).toBeGreaterThan(1);
  first.stop();
  await sleep(50);
  const asked = watched.asked();
  await sleep(60);
  expect(watched.asked()).toBe(asked);

  const heard: number[] = [];
  watch.watch(send, { workspaceId }, (latest) => heard.push(latest.completed));
  await complete(send, 5);
  await expect.poll(() => heard).toEqual([5]);
  await complete(send, 10, "done");
  await expect.poll(() => heard.at(-1)).toBe(10);
});

test("a send that rests is read less often, and noticed when it goes on", async () => {
  const watched = counted();
  const watch = createSendWatch({ db: watched.db, log, lively: 5, resting: 200 });
  const send = await newSend();
  const heard: number[] = [];
  watch.watch(send, { workspaceId }, (latest) => heard.push(latest.completed));
  await expect.poll(watched.asked).toBeGreaterThanOrEqual(20);
  const asked = watched.asked();
  await sleep(300);
  expect(watched.asked() - asked).toBeLessThanOrEqual(3);
  await complete(send, 10, "done");
  await expect.poll(() => heard).toEqual([10]);
});

test("a database that is away for a while costs the watchers nothing but time", async () => {
  const watched = counted();
  const watch = createSendWatch({ db: watched.db, log, lively: 10 });
  const send = await newSend();
  const heard: number[] = [];
  watch.watch(send, { workspaceId }, (latest) => heard.push(latest.completed));
  watched.fail(true);
  await complete(send, 10, "done");
  await sleep(60);
  expect(heard).toEqual([]);
  watched.fail(false);
  await expect.poll(() => heard).toEqual([10]);
});
