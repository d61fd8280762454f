import { sql } from "kysely";
import { beforeEach, describe, expect, test } from "vitest";
import type { HealingBar, HealingRun } from "#contract/healing.ts";
import type { Db } from "#db/client.ts";
import type { CreateSendInput } from "#engine/engine.ts";
import { eraseAtOnce, sendTo, startTestEngine } from "#test/engine.ts";
import { db, restartEngine, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, email, node, sms, wait } from "#test/graphs.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";
import { NonRetriableError } from "../flow/node-executor.ts";
import { requeueLostHealing } from "../schedule/dead-workers.ts";

setUpEngine();

const actor = { id: "00000000-0000-7000-8000-000000000001", name: "Anna" };
const of = (sendId: string) => ({ workspaceId, sendId });
const heal = (sendId: string, seen?: number) => sluice.engine.healSend({ ...of(sendId), actor, seen });
const look = (sendId: string) => sluice.engine.previewHealing(of(sendId));
const readSend = (id: string) => db.owner.selectFrom("flow_sends").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const change = (id: string, values: Record<string, unknown>) => db.owner.updateTable("contacts").set(values).where("id", "=", id).execute();
const number = (n: number) => ({ phone_number: `+1557${1_000_000 + n}`, phone_e164: `+1557${1_000_000 + n}` });
const noNumber = { phone_number: null, phone_e164: null };
const texts = () => sluice.providers.sms.calls.map(({ to }) => to);

async function send(graph = chain(node("start"), sms(), node("end")), ids: string[] = [], more: Partial<CreateSendInput> = {}) {
  const flowId = await buildFlow(db.owner, workspaceId, graph);
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, ids, more));
  await sluice.run();
  return { sendId, flowId };
}

/** A send to one who was reached and to `without` who had no number. */
async function sendToSomeWithout(without: number, graph?: Parameters<typeof send>[0], more?: Partial<CreateSendInput>) {
  const reached = await buildContact(db.owner, workspaceId);
  const missed: string[] = [];
  for (let n = 0; n < without; n += 1) missed.push(await buildContact(db.owner, workspaceId, noNumber));
  return { ...(await send(graph, [reached, ...missed], more)), reached, missed };
}

const isNew = {
  match: "all" as const,
  tests: [{ field: "lead_status", operator: "is" as const, value: "New", caseSensitive: false }],
};

describe("nothing is sent", () => {
  test("where nobody can be reached who could not before", async () => {
    const { sendId } = await sendToSomeWithout(2);
    expect(await look(sendId)).toEqual({ approval: null, bar: null, contacts: 0, isWhole: true, byReason: [], wouldRepeat: 0, last: null });
    await expect(heal(sendId)).rejects.toMatchObject({ code: "nothing_to_retry" });
    expect(await readSend(sendId)).toMatchObject({ state: "done", completed: 3 });
  });

  test("where nobody can be reached of a send so large that only a part was counted, and the answer says so too", async () => {
    await restartEngine({ workSizes: { healCount: 2, enrollPage: 1 } });
    const { sendId } = await sendToSomeWithout(8);
    expect(await look(sendId)).toMatchObject({ contacts: 0, isWhole: false });
    await expect(heal(sendId)).rejects.toMatchObject({ code: "nothing_to_retry" });
    expect(await readSend(sendId)).toMatchObject({ state: "done", completed: 9 });
  });

  test("in a send of another workspace", async () => {
    const { sendId, missed } = await sendToSomeWithout(1);
    await change(missed[0] as string, number(1));
    const other = await buildWorkspace(db.owner);
    const call = { workspaceId: other, sendId, actor };
    await expect(sluice.engine.healSend(call)).rejects.toMatchObject({ code: "send_not_found" });
    await expect(sluice.engine.previewHealing(call)).rejects.toMatchObject({ code: "send_not_found" });
  });

  test("in a send that was stopped, or is a test, or is past the time after which nothing leaves, or whose flow is archived or deleted", async () => {
    const { sendId, flowId, missed } = await sendToSomeWithout(1);
    await change(missed[0] as string, number(1));
    const refused = async (bar: string, code: string) => {
      expect(await look(sendId)).toMatchObject({ bar, contacts: 0 });
      await expect(heal(sendId)).rejects.toMatchObject({ code });
    };
    const put = (values: Record<string, unknown>) => db.owner.updateTable("flow_sends").set(values).where("id", "=", sendId).execute();
    await put({ state: "stopped" });
    await refused("over", "send_over");
    await put({ state: "undone" });
    await refused("over", "send_over");
    await put({ state: "done", is_test: true });
    await refused("is_test", "nothing_to_retry");
    await put({ is_test: false, not_later_than: new Date(Date.now() - 1000) });
    await refused("too_late", "send_too_late");
    await put({ not_later_than: null, start_at: new Date(Date.now() + 60_000) });
    await refused("not_begun", "conflict");
    await put({ start_at: null });
    await db.owner.updateTable("flows").set({ archived_at: new Date() }).where("id", "=", flowId).execute();
    await refused("flow_archived", "flow_archived");
    await db.owner.updateTable("flows").set({ archived_at: null, deleted_at: new Date() }).where("id", "=", flowId).execute();
    await refused("flow_gone", "flow_not_found");
    expect(texts()).toHaveLength(1);
  });

  test("while the send waits for approval, or the rest for the first messages, however these stand", async () => {
    const { sendId, missed } = await sendToSomeWithout(5, undefined, {
      canary: { contacts: 3, percent: null, minutes: 15, failurePercent: 2, optOutPercent: 0.5 },
    });
    for (const [n, id] of missed.entries()) await change(id, number(n));
    await sluice.engine.tendCanaries();
    const refused = async (bar: HealingBar, words: RegExp) => {
      expect(await look(sendId)).toMatchObject({ bar, contacts: 0 });
      await expect(heal(sendId)).rejects.toMatchObject({ code: "conflict", message: expect.stringMatching(words) });
    };
    await refused("few_first", /the rest waits until the first messages are checked/);
    await sluice.engine.pauseSend({ ...of(sendId), actor });
    await refused("few_first", /the rest waits until the first messages are checked/);
    await sluice.engine.stopSend({ ...of(sendId), actor });
    await sluice.wait(600);
    expect(await look(sendId)).toMatchObject({ bar: "over" });
    const { state, enrolled_at } = await readSend(sendId);
    const put = (values: Record<string, unknown>) => db.owner.updateTable("flow_sends").set(values).where("id", "=", sendId).execute();
    await put({ state: "awaiting_approval", enrolled_at: null });
    await refused("awaits_approval", /waits for approval/);
    await put({ state, enrolled_at });
  });

  test("while the send still takes in its contacts", async () => {
    await restartEngine({ workSizes: { enrollPage: 1 } });
    await buildContacts(db.owner, workspaceId, 3);
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms()));
    const selection = { type: "filter" as const, filter: { tests: [] }, excluded: [] };
    const { sendId } = await sluice.engine.createSend({ ...sendTo(workspaceId, flowId, []), selection });
    expect(await look(sendId)).toMatchObject({ bar: "enrolling" });
    await expect(heal(sendId)).rejects.toMatchObject({ code: "conflict" });
    await sluice.run();
  });

  test("where more can be reached by now than the person was told", async () => {
    const { sendId, missed } = await sendToSomeWithout(2);
    for (const [n, id] of missed.entries()) await change(id, number(n));
    await expect(heal(sendId, 1)).rejects.toMatchObject({ code: "total_changed" });
    await sluice.run();
    expect(texts()).toHaveLength(1);
    expect(await readSend(sendId)).toMatchObject({ healing: null, state: "done" });
  });

  test("to people whom the send left out, once what it was asked was erased with those who were in it", async () => {
    const inside = await buildContact(db.owner, workspaceId, { lead_status: "New" });
    const outside = await buildContact(db.owner, workspaceId, { lead_status: "Old" });
    const { sendId } = await send(undefined, [inside, outside], { condition: isNew });
    await eraseAtOnce(sluice, { workspaceId, ids: [inside] });
    expect(await look(sendId)).toMatchObject({ bar: "forgotten", contacts: 0 });
    await expect(heal(sendId)).rejects.toMatchObject({ code: "nothing_to_retry" });
    await sluice.run();
    expect(texts()).toHaveLength(1);
  });
});

describe("a message that was skipped", () => {
  test("leaves once its contact has a number, for exactly these and once, in the same send", async () => {
    const { sendId, missed } = await sendToSomeWithout(3);
    expect(await readSend(sendId)).toMatchObject({ completed: 4, reached: 1, unreached: 3, completed_unreached: 3 });
    await change(missed[0] as string, number(0));
    await change(missed[1] as string, number(1));
    expect(await look(sendId)).toMatchObject({
      contacts: 2,
      isWhole: true,
      byReason: [{ reason: "no_phone", contacts: 2 }],
      wouldRepeat: 0,
    });
    expect(await heal(sendId, 2)).toMatchObject({ isRunning: false, enrolled: 0, continued: 2, startedByName: "Anna" });
    await sluice.run();
    expect(texts().slice(1).sort()).toEqual(["+15571000000", "+15571000001"]);
    expect(await readSend(sendId)).toMatchObject({
      state: "done",
      enrolled: 4,
      completed: 4,
      reached: 3,
      unreached: 1,
      completed_unreached: 1,
    });
    expect(await look(sendId)).toMatchObject({ contacts: 0, last: { isRunning: false, continued: 2 } });
    await expect(heal(sendId)).rejects.toMatchObject({ code: "nothing_to_retry" });
    expect(await db.owner.selectFrom("flow_sends").select("id").where("workspace_id", "=", workspaceId).execute()).toHaveLength(1);
  });

  test("stays where later messages have left, because they would leave again, and that is told", async () => {
    const { sendId, missed } = await sendToSomeWithout(1, chain(node("start"), sms(), email(), node("end")));
    await change(missed[0] as string, number(0));
    expect(await look(sendId)).toMatchObject({ contacts: 0, wouldRepeat: 1 });
    await expect(heal(sendId)).rejects.toMatchObject({ code: "nothing_to_retry" });
    expect(sluice.providers.email.calls).toHaveLength(2);
  });

  test("leaves at the last step before which all others had left", async () => {
    const graph = chain(node("start"), sms("one", {}, "one"), email(), sms("two", {}, "two"), node("end"));
    const { sendId, missed } = await sendToSomeWithout(1, graph);
    await change(missed[0] as string, number(0));
    expect(await look(sendId)).toMatchObject({ contacts: 1, wouldRepeat: 0 });
    await heal(sendId);
    await sluice.run();
    expect(sluice.providers.sms.calls.map(({ text }) => text).filter((text) => text.startsWith("two"))).toHaveLength(2);
    expect(sluice.providers.sms.calls).toHaveLength(3);
    expect(sluice.providers.email.calls).toHaveLength(2);
  });

  test("leaves for whom a suppression was lifted, and for whom a consent was recorded where one is needed", async () => {
    await sql`update workspaces set sending_rules = '{"quietHours": {"on": false}, "smsConsent": "needed"}' where id = ${workspaceId}`.execute(
      db.owner,
    );
    const consent = (id: string, state: string, tx: Db = db.owner) =>
      sql`insert into contact_consents (workspace_id, contact_id, channel, state, source, given_at)
        values (${workspaceId}, ${id}::uuid, 'sms', ${state}, 'form', now())`.execute(tx);
    const [consented, silent, stopped] = [
      await buildContact(db.owner, workspaceId),
      await buildContact(db.owner, workspaceId),
      await buildContact(db.owner, workspaceId, { sms_opted_out_at: new Date() }),
    ];
    await consent(consented, "opted_in");
    const { sendId } = await send(undefined, [consented, silent, stopped]);
    expect(texts()).toHaveLength(1);
    expect(await look(sendId)).toMatchObject({ contacts: 0 });
    await db.owner.transaction().execute(async (tx) => {
      await consent(stopped, "opted_in", tx);
      await tx.updateTable("contacts").set({ sms_opted_out_at: null, opt_out_source: null }).where("id", "=", stopped).execute();
    });
    await consent(silent, "opted_in");
    expect((await look(sendId)).byReason).toEqual([
      { reason: "no_consent", contacts: 1 },
      { reason: "opted_out_sms", contacts: 1 },
    ]);
    await heal(sendId, 2);
    await sluice.run();
    expect(texts()).toHaveLength(3);
  });

  test("does not leave to a number that another contact of the send was written to, and to one of two who share one", async () => {
    const reached = await buildContact(db.owner, workspaceId, number(7));
    const ids = [1, 2, 3].map(() => buildContact(db.owner, workspaceId, noNumber));
    const missed = await Promise.all(ids);
    const { sendId } = await send(undefined, [reached, ...missed]);
    await change(missed[0] as string, number(7));
    expect(await look(sendId)).toMatchObject({ contacts: 0 });
    await change(missed[1] as string, number(8));
    await change(missed[2] as string, number(8));
    expect(await look(sendId)).toMatchObject({ contacts: 1 });
    await heal(sendId, 1);
    await sluice.run();
    expect(texts()).toEqual(["+15571000007", "+15571000008"]);
    expect(await look(sendId)).toMatchObject({ contacts: 0 });
  });

  test("does not leave to a contact in the bin, and does once they are restored", async () => {
    const { sendId, missed } = await sendToSomeWithout(1);
    await change(missed[0] as string, { ...number(0), deleted_at: new Date() });
    expect(await look(sendId)).toMatchObject({ contacts: 0 });
    await change(missed[0] as string, { deleted_at: null });
    expect(await look(sendId)).toMatchObject({ contacts: 1 });
  });

  test("that is skipped once more, for another reason, is no error", async () => {
    const { sendId, missed } = await sendToSomeWithout(1);
    await change(missed[0] as string, number(0));
    // The second page is that of the messages.
    let pages = 0;
    onBreakPoint(async (name) => {
      if (name === "heal-page" && ++pages === 2) await change(missed[0] as string, { dnc: true });
    });
    expect(await heal(sendId)).toMatchObject({ continued: 1 });
    onBreakPoint(undefined);
    await sluice.run();
    expect(texts()).toHaveLength(1);
    expect(await readSend(sendId)).toMatchObject({ state: "done", completed: 2, failed: 0, partial_failure: 0, unreached: 1 });
  });
});

describe("a message that failed", () => {
  const refused = { outcome: "rejected", reason: "unknown_number", message: "no such number", retryable: false } as const;

  test("leaves once its contact has another number, and not before", async () => {
    sluice.providers.sms.answer(refused, { outcome: "accepted", providerMessageId: "1" });
    const id = await buildContact(db.owner, workspaceId, number(1));
    const { sendId } = await send(undefined, [id]);
    expect(await readSend(sendId)).toMatchObject({ failed: 1 });
    expect(await look(sendId)).toMatchObject({ contacts: 0 });
    await change(id, number(2));
    expect((await look(sendId)).byReason).toEqual([{ reason: "unknown_number", contacts: 1 }]);
    await heal(sendId);
    await sluice.run();
    expect(texts()).toEqual(["+15571000001", "+15571000002"]);
    expect(await readSend(sendId)).toMatchObject({ state: "done", completed: 1, failed: 0, reached: 1, unreached: 0 });
  });

  test("leaves once its provider has answered again", async () => {
    sluice.providers.sms.answer({ outcome: "rejected", reason: "provider_unavailable", message: "away", retryable: false });
    const { sendId } = await send(undefined, await buildContacts(db.owner, workspaceId, 2));
    expect(await readSend(sendId)).toMatchObject({ failed: 2 });
    await sql`insert into private.channel_gates (workspace_id, channel, failures) values (${workspaceId}, 'sms', 2)
      on conflict (workspace_id, channel) do update set failures = 2`.execute(db.owner);
    expect(await look(sendId)).toMatchObject({ contacts: 0 });
    await sql`update private.channel_gates set failures = 0, closed_until = null where workspace_id = ${workspaceId}`.execute(db.owner);
    sluice.providers.sms.answer();
    expect(await look(sendId)).toMatchObject({ contacts: 2, byReason: [{ reason: "provider_unavailable", contacts: 2 }] });
    await heal(sendId, 2);
    await sluice.run();
    expect(sluice.providers.sms.calls).toHaveLength(4);
    expect(await readSend(sendId)).toMatchObject({ state: "done", completed: 2, failed: 0 });
  });

  test("stays where nobody knows whether it arrived", async () => {
    sluice.providers.sms.answer({ outcome: "unknown", message: "cut off" });
    const id = await buildContact(db.owner, workspaceId, number(1));
    const { sendId } = await send(undefined, [id]);
    await change(id, number(2));
    expect(await look(sendId)).toMatchObject({ contacts: 0 });
  });

  test("stays where there is no provider now", async () => {
    sluice.providers.sms.answer(refused);
    const id = await buildContact(db.owner, workspaceId, number(1));
    const { sendId } = await send(undefined, [id]);
    await change(id, number(2));
    const { providers } = sluice;
    await restartEngine({
      providerFor: async (_, channel) => {
        if (channel === "sms") throw new NonRetriableError("none", "no_provider");
        return providers.email;
      },
    });
    expect(await look(sendId)).toMatchObject({ contacts: 0 });
  });
});

describe("who was left out", () => {
  test("enters once the condition of the send is met, as one of the same send, and who still does not meet it stays with the reason", async () => {
    const inside = await buildContact(db.owner, workspaceId, { lead_status: "New" });
    const outside = [await buildContact(db.owner, workspaceId), await buildContact(db.owner, workspaceId)];
    const { sendId } = await send(undefined, [inside, ...outside], { condition: isNew });
    expect(await readSend(sendId)).toMatchObject({ expected: 3, enrolled: 1, not_enrolled: 2 });
    await change(outside[0] as string, { lead_status: "New" });
    expect(await look(sendId)).toMatchObject({ contacts: 1, byReason: [{ reason: "send_condition", contacts: 1 }] });
    expect(await heal(sendId, 1)).toMatchObject({ isRunning: false, enrolled: 1, continued: 0 });
    await sluice.run();
    expect(texts()).toHaveLength(2);
    expect(await readSend(sendId)).toMatchObject({ state: "done", expected: 3, enrolled: 2, not_enrolled: 1, completed: 2, reached: 2 });
    const skips = await db.owner.selectFrom("flow_send_skips").select(["contact_id", "reason"]).where("send_id", "=", sendId).execute();
    expect(skips).toEqual([{ contact_id: outside[1], reason: "send_condition" }]);
  });

  test("is asked about the exclusions again too", async () => {
    const [free, busy] = await buildContacts(db.owner, workspaceId, 2);
    const other = await send(chain(node("start"), wait(600)), [busy as string]);
    const { sendId } = await send(undefined, [free as string, busy as string], { exclude: { inAnotherFlow: true } });
    expect(await look(sendId)).toMatchObject({ contacts: 0 });
    await sluice.engine.stopSend({ ...of(other.sendId), actor });
    await sluice.run();
    expect((await look(sendId)).byReason).toEqual([{ reason: "in_another_flow", contacts: 1 }]);
    await heal(sendId, 1);
    await sluice.run();
    expect(texts()).toHaveLength(2);
  });

  test("begins with the values that were meant for them alone", async () => {
    const inputs = [{ name: "amount", label: "Amount", type: "number", required: false, default: 1 }];
    const inside = await buildContact(db.owner, workspaceId, { lead_status: "New" });
    const [one, two] = [await buildContact(db.owner, workspaceId), await buildContact(db.owner, workspaceId)];
    const { sendId } = await send(chain(node("start", { inputs }), sms("{{ input.amount }}")), [inside, one, two], {
      condition: isNew,
      values: { amount: 5 },
      contactValues: [{ contactId: one, values: { amount: 70 } }],
    });
    for (const id of [one, two]) await change(id, { lead_status: "New" });
    await heal(sendId, 2);
    await sluice.run();
    expect(
      sluice.providers.sms.calls
        .slice(1)
        .map(({ text }) => text.split("\n")[0])
        .sort(),
    ).toEqual(["5", "70"]);
  });

  test("does not begin with the values of others, where those meant for them are not kept", async () => {
    const inputs = [{ name: "amount", label: "Amount", type: "number", required: false, default: 1 }];
    const [inside, one] = [await buildContact(db.owner, workspaceId, { lead_status: "New" }), await buildContact(db.owner, workspaceId)];
    const { sendId } = await send(chain(node("start", { inputs }), sms("{{ input.amount }}")), [inside, one], {
      condition: isNew,
      contactValues: [{ contactId: one, values: { amount: 70 } }],
    });
    await change(one, { lead_status: "New" });
    await sql`update flow_send_skips set variables = null where send_id = ${sendId}::uuid`.execute(db.owner);
    expect(await look(sendId)).toMatchObject({ contacts: 0 });
  });

  test("begins in rounds where the send is a drip", async () => {
    const ids = await buildContacts(db.owner, workspaceId, 4);
    const inside = await buildContact(db.owner, workspaceId, { lead_status: "New" });
    const drip = { count: 2, everySeconds: 60, days: [1, 2, 3, 4, 5, 6, 7] };
    const { sendId } = await send(undefined, [inside, ...ids], { condition: isNew, drip });
    for (const id of ids) await change(id, { lead_status: "New" });
    await heal(sendId, 4);
    await sluice.run();
    expect(texts()).toHaveLength(3);
    await sluice.wait(61);
    expect(texts()).toHaveLength(5);
    expect(await readSend(sendId)).toMatchObject({ state: "done", completed: 5 });
  });

  test("follows the version that the send has frozen, however the flow was changed since", async () => {
    const [inside, outside] = [
      await buildContact(db.owner, workspaceId, { lead_status: "New" }),
      await buildContact(db.owner, workspaceId),
    ];
    const { sendId, flowId } = await send(undefined, [inside, outside], { condition: isNew });
    const graph = chain(node("start"), sms("Another text"));
    await db.owner
      .updateTable("flows")
      .set({ nodes: JSON.stringify(graph.nodes), edges: JSON.stringify(graph.edges) })
      .where("id", "=", flowId)
      .execute();
    await change(outside, { lead_status: "New" });
    await heal(sendId, 1);
    await sluice.run();
    expect(sluice.providers.sms.calls.map(({ text }) => text.startsWith("Hello"))).toEqual([true, true]);
  });
});

describe("presses", () => {
  beforeEach(() => restartEngine({ workSizes: { enrollPage: 2 } }));

  /** Seven who were left out and may enter now, and five who were skipped and can be reached now. */
  async function sendToTwelve() {
    const inside = [];
    for (let n = 0; n < 5; n += 1) inside.push(await buildContact(db.owner, workspaceId, { ...noNumber, lead_status: "New" }));
    const outside = await buildContacts(db.owner, workspaceId, 7);
    const { sendId } = await send(undefined, [...inside, ...outside], { condition: isNew });
    for (const [n, id] of inside.entries()) await change(id, number(n));
    for (const id of outside) await change(id, { lead_status: "New" });
    expect(await look(sendId)).toMatchObject({ contacts: 12, isWhole: true });
    return sendId;
  }
  const expectAll = async (sendId: string) => {
    expect(new Set(texts()).size).toBe(texts().length);
    expect(texts()).toHaveLength(12);
    expect(await readSend(sendId)).toMatchObject({
      state: "done",
      expected: 12,
      enrolled: 12,
      not_enrolled: 0,
      completed: 12,
      reached: 12,
    });
    expect(await look(sendId)).toMatchObject({ contacts: 0, last: { isRunning: false, enrolled: 7, continued: 5 } });
  };

  test("of many contacts are done in pages, each contact once", async () => {
    const sendId = await sendToTwelve();
    expect(await heal(sendId, 12)).toMatchObject({ isRunning: true, enrolled: 4 });
    expect(await readSend(sendId)).toMatchObject({ state: "running", ended_at: null });
    expect(await look(sendId)).toMatchObject({ bar: null, contacts: 0, last: { isRunning: true } });
    await sluice.run();
    await expectAll(sendId);
  });

  test("at the same moment are one, by two workers too", async () => {
    const sendId = await sendToTwelve();
    const other = await startTestEngine(db.owner, {
      providerFor: async (_, channel) => sluice.providers[channel],
      workSizes: { enrollPage: 2 },
    });
    const press = ({ engine }: { engine: typeof sluice.engine }) => engine.healSend({ ...of(sendId), actor, seen: 12 });
    const answers = await Promise.allSettled([press(sluice), press(other), press(sluice)]);
    expect(answers.filter(({ status }) => status === "fulfilled").length).toBeGreaterThanOrEqual(1);
    await Promise.all([sluice.run(), other.run()]);
    await sluice.run();
    await expectAll(sendId);
    await other.engine.stop();
  });

  test("while one is under way are answered with that one", async () => {
    const sendId = await sendToTwelve();
    const first = await heal(sendId, 12);
    expect(await heal(sendId, 12)).toMatchObject({ isRunning: true, startedAt: first.startedAt, enrolled: 4 });
    await sluice.run();
    await expectAll(sendId);
  });

  test.each(["heal-begun", "heal-page", "before-ring"])("go on after the worker was killed at %s", async (place) => {
    const sendId = await sendToTwelve();
    onBreakPoint((name) => {
      if (name === place) throw new SimulatedCrash();
    });
    await expect(heal(sendId, 12)).rejects.toThrow(SimulatedCrash);
    onBreakPoint(undefined);
    await sql`delete from private.inline_jobs`.execute(db.owner);
    await requeueLostHealing({ db: db.owner, driver: sluice.driver });
    await sluice.run();
    await expectAll(sendId);
  });

  test("end where the send is stopped, and nothing more leaves", async () => {
    const sendId = await sendToTwelve();
    await heal(sendId, 12);
    await sluice.engine.stopSend({ ...of(sendId), actor });
    await sluice.run();
    expect(texts()).toHaveLength(0);
    expect(await readSend(sendId)).toMatchObject({
      state: "stopped",
      enrolled: 9,
      not_enrolled: 3,
      cancelled: 4,
      healing: { stage: "over" },
    });
  });

  test("end where the flow is archived meanwhile", async () => {
    const sendId = await sendToTwelve();
    await heal(sendId, 12);
    await sql`update flows set archived_at = now() where id = (select flow_id from flow_sends where id = ${sendId}::uuid)`.execute(
      db.owner,
    );
    await sluice.run();
    expect(await readSend(sendId)).toMatchObject({ state: "done", enrolled: 9, not_enrolled: 3, healing: { stage: "over" } });
  });

  test("send to no more than were shown, whoever can be reached meanwhile", async () => {
    const sendId = await sendToTwelve();
    const late = await db.owner
      .selectFrom("flow_executions")
      .select("contact_id")
      .where("send_id", "=", sendId)
      .orderBy("seq")
      .executeTakeFirst();
    await change(late?.contact_id as string, noNumber);
    onBreakPoint(async (name) => {
      if (name === "heal-begun") await change(late?.contact_id as string, number(99));
    });
    await heal(sendId, 12);
    onBreakPoint(undefined);
    await sluice.run();
    expect(texts()).toHaveLength(11);
    expect(await look(sendId)).toMatchObject({ contacts: 1 });
  });

  test("in a paused send let people in, and nothing leaves until it is resumed", async () => {
    const sendId = await sendToTwelve();
    await db.owner.updateTable("flow_sends").set({ state: "paused", ended_at: null }).where("id", "=", sendId).execute();
    await heal(sendId, 12);
    await sluice.run();
    expect(texts()).toHaveLength(0);
    expect(await readSend(sendId)).toMatchObject({ state: "paused", enrolled: 12, not_enrolled: 0 });
    await sluice.engine.resumeSend({ ...of(sendId), actor });
    await sluice.run();
    await expectAll(sendId);
  });

  test.each(["heal-counting", "heal-counted"])(
    "that were still at %s when another one began and ended are answered with that one",
    async (place) => {
      const { sendId, missed } = await sendToSomeWithout(2);
      for (const [n, id] of missed.entries()) await change(id, number(n));
      let first: HealingRun | undefined;
      onBreakPoint(async (name) => {
        if (name !== place) return;
        onBreakPoint(undefined);
        first = await sluice.engine.healSend({ ...of(sendId), actor: { ...actor, name: "First" }, seen: 2 });
      });
      const second = await heal(sendId, 2);
      expect(second).toMatchObject({ isRunning: false, continued: 2, startedByName: "First" });
      expect(second).toEqual(first);
      expect(await look(sendId)).toMatchObject({ last: first });
      await sluice.run();
      expect(texts()).toHaveLength(3);
    },
  );

  test("two at once are both answered with the same press", async () => {
    const { sendId, missed } = await sendToSomeWithout(2);
    for (const [n, id] of missed.entries()) await change(id, number(n));
    const [one, two] = await Promise.all([heal(sendId, 2), heal(sendId, 2)]);
    expect(one.startedAt).toBe(two.startedAt);
    await sluice.run();
    expect(texts()).toHaveLength(3);
    expect(await look(sendId)).toMatchObject({ last: { continued: 2 } });
  });

  test.each(["heal-counting", "heal-begun"])("that find at %s that a retry has done all of it say that nobody is left", async (place) => {
    sluice.providers.sms.answer({ outcome: "rejected", reason: "unknown_number", message: "no such number", retryable: false });
    const id = await buildContact(db.owner, workspaceId);
    const { sendId } = await send(undefined, [id]);
    sluice.providers.sms.answer();
    await change(id, number(1));
    onBreakPoint(async (name) => {
      if (name !== place) return;
      onBreakPoint(undefined);
      await sluice.engine.retry(of(sendId));
    });
    await expect(heal(sendId, 1)).rejects.toMatchObject({ code: "nothing_to_retry" });
    await sluice.run();
    expect(texts()).toHaveLength(2);
    expect(await readSend(sendId)).toMatchObject({ state: "done", completed: 1, failed: 0 });
  });

  test("beside a retry begin nobody twice", async () => {
    sluice.providers.sms.answer({ outcome: "rejected", reason: "unknown_number", message: "no such number", retryable: false });
    const ids = await buildContacts(db.owner, workspaceId, 6);
    const { sendId } = await send(undefined, ids);
    sluice.providers.sms.answer();
    for (const [n, id] of ids.entries()) await change(id, number(n));
    const before = texts().length;
    await Promise.allSettled([heal(sendId), sluice.engine.retry(of(sendId)), sluice.run()]);
    await sluice.run();
    expect(texts().slice(before)).toHaveLength(6);
    expect(await readSend(sendId)).toMatchObject({ state: "done", completed: 6, failed: 0, reached: 6 });
  });
});
