import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { messageKinds } from "#contract/message-kinds.ts";
import { sendTo, startTestEngine, type TestEngine } from "#test/engine.ts";
import { db, setUpWorkspace, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { type FakeProvider, fakeProvider } from "#test/fake-provider.ts";
import { chain, node, sms } from "#test/graphs.ts";
import { onBreakPoint } from "../base/break-point.ts";

setUpWorkspace();
const number = "+14155550100";
let provider: FakeProvider;
/** When each message was handed over, by number. */
let leftAt: Map<string, number>;
let worker: TestEngine;
let desk: TestEngine;
const start = async (concurrency: number, callMs: number) => {
  provider = fakeProvider("sms", { concurrency });
  provider.answer(async ({ id, to }) => {
    leftAt.set(to, performance.now());
    await sleep(callMs);
    return { outcome: "accepted", providerMessageId: id };
  });
  worker = await startTestEngine(db.owner, { providerFor: async () => provider });
  // STOP comes to another process than the one that sends.
  desk = await startTestEngine(db.owner);
};
beforeEach(() => {
  leftAt = new Map();
});
afterEach(async () => {
  await desk.engine.inboundIdle();
});

let written = 0;
async function write(text: string, from = number): Promise<number> {
  written += 1;
  const message = { kind: "received", providerMessageId: `in-${written}`, from, to: "+15550001111", text, files: 0 } as const;
  await desk.engine.takeInbound({ workspaceId, channel: "sms", provider: "fake", events: [message] });
  return performance.now();
}
const send = async (ids: string[], more = {}, config = {}) => {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Hello", config), node("end")));
  await worker.engine.createSend(sendTo(workspaceId, flowId, ids, more));
};
const changeCountries = (countries: string[]) =>
  sql`update workspaces set sms_countries = ${countries}::text[] where id = ${workspaceId}`.execute(db.owner);
const closed = () =>
  db.owner.selectFrom("suppressions").select(["address", "reason", "source", "detail"]).where("workspace_id", "=", workspaceId).execute();
const steps = async () => {
  const { rows } = await sql<{ status: string; reason: string | null; count: number }>`
    select status, reason, count(*)::int as count from flow_execution_steps
    where workspace_id = ${workspaceId} and node_type = 'send_sms' group by 1, 2 order by 1, 2`.execute(db.owner);
  return rows;
};

describe("STOP while a thousand messages are queued", () => {
  // The one who stops stands at the end of the queue, in the batch that is being sent, or anywhere.
  test.each([5, 300, 900, 1_000])("the one at place %i gets nothing after the answer, and all others get theirs", async (place) => {
    await start(20, 2);
    const ids = await buildContacts(db.owner, workspaceId, place - 1);
    ids.push(await buildContact(db.owner, workspaceId, { phone_e164: number }));
    for (let n = place; n < 1_000; n += 1) ids.push(await buildContact(db.owner, workspaceId));
    await send(ids);
    const running = worker.run();
    await expect.poll(() => leftAt.size, { interval: 1 }).toBeGreaterThanOrEqual(30);
    const answeredAt = await write("Stop");
    await running;
    for (let i = 0; i < 3; i += 1) await worker.wait(60);
    expect(leftAt.get(number) ?? 0).toBeLessThan(answeredAt);
    expect(await closed()).toMatchObject([{ address: number, reason: "stop" }]);
    const left = leftAt.has(number) ? 1 : 0;
    expect(leftAt.size).toBe(999 + left);
    expect(provider.calls).toHaveLength(999 + left);
    expect(await steps()).toEqual([
      { status: "completed", reason: null, count: 999 + left },
      ...(left ? [] : [{ status: "skipped", reason: "opted_out_sms", count: 1 }]),
    ]);
  });
});

test("the answer waits for a call in hand, and a message that waits for its call behind slow ones is not sent", async () => {
  await start(1, 600);
  const ids = await buildContacts(db.owner, workspaceId, 4);
  ids.push(await buildContact(db.owner, workspaceId, { phone_e164: number }));
  await send(ids);
  const running = worker.run();
  await expect.poll(() => leftAt.size, { interval: 1 }).toBe(1);
  await write("Stop");
  await running;
  for (let i = 0; i < 2; i += 1) await worker.wait(60);
  expect(leftAt.has(number)).toBe(false);
  expect(await steps()).toEqual([
    { status: "completed", reason: null, count: 4 },
    { status: "skipped", reason: "opted_out_sms", count: 1 },
  ]);
});

test("a STOP that comes when its message is claimed and not handed over is answered once that has happened", async () => {
  await start(5, 0);
  await send([await buildContact(db.owner, workspaceId, { phone_e164: number })]);
  let answered: Promise<number> | undefined;
  let isAnswered = false;
  onBreakPoint(async (point) => {
    if (point !== "messages-claimed" || answered) return;
    answered = write("Stop");
    void answered.then(() => {
      isAnswered = true;
    });
    await expect.poll(async () => (await closed()).length, { interval: 5 }).toBe(1);
    expect(isAnswered).toBe(false);
  });
  await worker.run();
  expect(leftAt.get(number)).toBeLessThan((await answered) ?? 0);
});

test("a STOP in the very moment of each claim: nothing leaves to the number after its answer", async () => {
  await start(5, 0);
  for (let round = 0; round < 25; round += 1) {
    const to = `+1415555${2000 + round}`;
    const id = await buildContact(db.owner, workspaceId, { phone_e164: to });
    await send([id]);
    const running = worker.run();
    await sleep(round);
    const answeredAt = await write("STOP", to);
    await running;
    await worker.wait(60);
    expect(leftAt.get(to) ?? 0, `round ${round}`).toBeLessThan(answeredAt);
  }
});

test.each([
  ["Argentina", "+5491143215678", "+541143215678"],
  ["Mexico", "+525512345678", "+5215512345678"],
  ["Brazil", "+5511987654321", "+551187654321"],
])(
  "a STOP that the carrier reports in another form of the number closes it at once, and START opens it: %s",
  async (_, known, reported) => {
    await start(5, 0);
    await changeCountries(["AR", "MX", "BR"]);
    const id = await buildContact(db.owner, workspaceId, { phone_e164: known });
    for (let round = 0; round < 5; round += 1) {
      await send([id]);
      const running = worker.run();
      await sleep(round * 3);
      const answeredAt = await write("STOP", reported);
      await running;
      await worker.wait(60);
      expect(leftAt.get(known) ?? 0, `round ${round}`).toBeLessThan(answeredAt);
      expect(await closed()).toMatchObject([{ address: known, reason: "stop" }]);
      await write("START", reported);
      await desk.engine.inboundIdle();
      expect(await closed()).toEqual([]);
    }
    await send([id]);
    await worker.run();
    expect(leftAt.has(known)).toBe(true);
    const { rows } = await sql<{
      contact_id: string;
    }>`select distinct contact_id from inbound_messages where workspace_id = ${workspaceId}`.execute(db.owner);
    expect(rows, "it stands in their conversation").toEqual([{ contact_id: id }]);
  },
);

describe("what may mean STOP", () => {
  test("closes the number until a person has read it; the history says so, and others get theirs", async () => {
    await start(5, 0);
    await write("Please don't text me at work");
    expect(await closed()).toEqual([{ address: number, reason: "maybe_stop", source: "contact", detail: "Please don't text me at work" }]);
    await send([await buildContact(db.owner, workspaceId, { phone_e164: number }), await buildContact(db.owner, workspaceId)]);
    await worker.run();
    expect(leftAt.has(number)).toBe(false);
    expect(await steps()).toEqual([
      { status: "completed", reason: null, count: 1 },
      { status: "skipped", reason: "maybe_stop", count: 1 },
    ]);
  });

  test("pauses marketing alone: a receipt and an answer reach the number, and STOP ends these too", async () => {
    await start(5, 0);
    const contact = await buildContact(db.owner, workspaceId, { phone_e164: number });
    await write("Please don't text me at work");
    for (const kind of messageKinds) await send([contact], {}, { kind });
    await worker.run();
    expect(await steps()).toEqual([
      { status: "completed", reason: null, count: 2 },
      { status: "skipped", reason: "maybe_stop", count: 1 },
    ]);
    expect(
      (await sql`select kind from messages where workspace_id = ${workspaceId} and status = 'sent' order by kind`.execute(db.owner)).rows,
    ).toEqual([{ kind: "conversational" }, { kind: "transactional" }]);
    await write("STOP");
    await send([contact], {}, { kind: "conversational" });
    await worker.run();
    expect(await steps()).toContainEqual({ status: "skipped", reason: "opted_out_sms", count: 1 });
  });

  test("becomes a STOP by STOP, is taken back by START, and opens nothing that was closed before", async () => {
    await start(5, 0);
    await write("you must stop");
    await write("START");
    await desk.engine.inboundIdle();
    expect(await closed()).toEqual([]);
    await write("you must stop");
    await write("STOP");
    await write("you must stop");
    await desk.engine.inboundIdle();
    expect(await closed()).toMatchObject([{ reason: "stop" }]);
  });
});
