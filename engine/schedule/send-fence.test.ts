import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { liftFence, raiseFence, readFence, settlePlace } from "#db/queries/send-fence.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { sendTo, startTestEngine, type TestEngine } from "#test/engine.ts";
import { buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { passTime } from "#test/pass-time.ts";

let db: TestDb;
let worker: TestEngine;
let workspaceId: string;
let flowId: string;
let ids: string[];
beforeEach(async () => {
  db = await createTestDb();
  worker = await startTestEngine(db.owner);
  workspaceId = await buildWorkspace(db.owner);
  flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Hello"), node("end")));
  ids = await buildContacts(db.owner, workspaceId, 3);
});
afterEach(async () => {
  await worker.engine.stop();
  await db.drop();
});

const send = () => worker.engine.createSend(sendTo(workspaceId, flowId, ids));
const lift = () => db.owner.transaction().execute((tx) => liftFence(tx, { userId: null }));
/** An answer is good for a second. */
const forget = () => passTime(1_050);
/** As if the rows had come here from another cluster. */
const comeFromElsewhere = () => sql`update private.instance set place = '7/7/7'`.execute(db.owner);

test("a copy of data that has sent is found out at its start and sends nothing, however long it waits", async () => {
  await settlePlace(db.owner, { files: undefined });
  await send();
  await comeFromElsewhere();
  await settlePlace(db.owner, { files: undefined });
  expect(await readFence(db.owner)).toBeInstanceOf(Date);
  await worker.wait(3_600);
  expect(worker.providers.sms.calls).toEqual([]);
  await send();
  await worker.wait(60);
  expect(worker.providers.sms.calls).toEqual([]);
});

test("once somebody says so it goes on where it was, each message once, and does not ask again", async () => {
  await settlePlace(db.owner, { files: undefined });
  await send();
  await comeFromElsewhere();
  await settlePlace(db.owner, { files: undefined });
  await worker.run();
  expect(await lift()).toBe(true);
  forget();
  await worker.wait(60);
  expect(worker.providers.sms.calls).toHaveLength(3);
  await settlePlace(db.owner, { files: undefined });
  expect([await readFence(db.owner), await lift()]).toEqual([null, false]);
});

test("data that is put back under a running worker is found out before its next turn", async () => {
  await settlePlace(db.owner, { files: undefined });
  await worker.run();
  await send();
  await comeFromElsewhere();
  forget();
  await worker.wait(60);
  expect(worker.providers.sms.calls).toEqual([]);
  expect(await readFence(db.owner)).toBeInstanceOf(Date);
});

describe("no fence is raised", () => {
  test("where the data was and is", async () => {
    await send();
    for (let start = 0; start < 3; start += 1) await settlePlace(db.owner, { files: "12" });
    expect(await readFence(db.owner)).toBeNull();
  });

  test("for data that never sent anything: it is at home wherever it is", async () => {
    await settlePlace(db.owner, { files: "12" });
    await comeFromElsewhere();
    await settlePlace(db.owner, { files: "13" });
    expect(await readFence(db.owner)).toBeNull();
    await send();
    await settlePlace(db.owner, { files: "13" });
    expect(await readFence(db.owner)).toBeNull();
  });
});

test("files that were copied are told from the original although nothing inside of them has changed", async () => {
  await settlePlace(db.owner, { files: "12" });
  await send();
  await settlePlace(db.owner, { files: "13" });
  expect(await readFence(db.owner)).toBeInstanceOf(Date);
});

test("an operator can hold sending and let it go on", async () => {
  await raiseFence(db.owner);
  await send();
  await worker.wait(60);
  expect(worker.providers.sms.calls).toEqual([]);
  await lift();
  forget();
  await worker.wait(60);
  expect(worker.providers.sms.calls).toHaveLength(3);
});
