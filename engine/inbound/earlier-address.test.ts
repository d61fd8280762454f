import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { describe, expect, test, vi } from "vitest";
import type { MessageKind } from "#contract/message-kinds.ts";
import { sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { fakeProvider } from "#test/fake-provider.ts";
import { chain, email, graph, node, sms } from "#test/graphs.ts";
import { onBreakPoint } from "../base/break-point.ts";

// What comes from an address that nobody has now is of the contact who had it when we last wrote there (docs/decisions/0068).

setUpEngine();
const first = "+14155550100";
const second = "+14155550101";

let written = 0;
const receive = (text: string, from: string, channel: "sms" | "email" = "sms", provider = "fake") => {
  written += 1;
  const to = channel === "sms" ? "+15550001111" : "hello@salon.example";
  const message = { kind: "received", providerMessageId: `in-${written}`, from, to, text, files: 0 } as const;
  return sluice.engine.takeInbound({ workspaceId, channel, provider, events: [message] });
};
async function write(...args: Parameters<typeof receive>): Promise<void> {
  await receive(...args);
  await sluice.engine.inboundIdle();
  await sluice.run();
}
const enter = (id: string, phone: string | null) =>
  db.owner.updateTable("contacts").set({ phone_number: phone, phone_e164: phone }).where("id", "=", id).execute();
async function send(id: string, kind: MessageKind = "marketing", flow = chain(node("start"), sms("Hello", { kind }), node("end"))) {
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const { sendId, executionId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [id]));
  await sluice.run();
  const { rows } = await sql<{ reason: string | null }>`
    select s.reason from flow_execution_steps s join flow_executions e on e.id = s.flow_execution_id
    where e.send_id = ${sendId}::uuid and s.node_type like 'send%'`.execute(db.owner);
  return { executionId: executionId as string, reason: rows[0]?.reason ?? null };
}
/** A contact who was written to at the first number and has the second. */
async function moved(): Promise<string> {
  const id = await buildContact(db.owner, workspaceId, { phone_e164: first });
  expect((await send(id)).reason).toBeNull();
  await enter(id, second);
  return id;
}
const ledger = async (id: string) =>
  (await sql`select channel, state, source, address from contact_consents where contact_id = ${id}::uuid`.execute(db.owner)).rows;
const writers = async () =>
  (await db.owner.selectFrom("inbound_messages").select("contact_id").where("workspace_id", "=", workspaceId).orderBy("id").execute()).map(
    ({ contact_id }) => contact_id,
  );
const judge = async (contactId: string) => (await sluice.engine.judgeReach({ workspaceId, contactId }))?.sms;

describe("STOP from the number that a contact had before", () => {
  test("closes the number of now as well, the ledger and the panel say why, and it stands in their conversation", async () => {
    const id = await moved();
    await write("STOP", first);
    for (const kind of ["marketing", "transactional"] as const) expect((await send(id, kind)).reason).toBe("opted_out_sms");
    expect(sluice.providers.sms.calls.map(({ to }) => to)).toEqual([first]);
    expect(await judge(id)).toBe("opted_out_sms");
    await write("STOP", first);
    expect(await ledger(id)).toEqual([{ channel: "sms", state: "opted_out", source: "moved", address: first }]);
    expect(await writers()).toEqual([id, id]);
    const { rows } = await sql`select unread, status from conversations where contact_id = ${id}::uuid`.execute(db.owner);
    expect(rows).toEqual([{ unread: 2, status: "open" }]);
    await enter(id, "+14155550102");
    expect((await send(id)).reason, "and whatever number follows").toBe("opted_out_sms");
  });

  test("is not taken back by START from there, and is by START from the number of now", async () => {
    const id = await moved();
    await write("STOP", first);
    await write("START", first);
    expect((await send(id)).reason).toBe("opted_out_sms");
    await write("START", second);
    expect((await send(id)).reason).toBeNull();
  });

  test("closes for marketing alone where it only may have meant STOP, and more by STOP", async () => {
    const id = await moved();
    await write("Please don't text me at work", first);
    expect((await send(id)).reason).toBe("maybe_stop");
    expect((await send(id, "transactional")).reason).toBeNull();
    expect(await ledger(id)).toEqual([]);
    await write("STOP", first);
    expect((await send(id, "transactional")).reason).toBe("opted_out_sms");
  });

  test("is the word of who has that number now", async () => {
    const id = await moved();
    const other = await buildContact(db.owner, workspaceId, { phone_e164: first });
    await write("STOP", first);
    expect(await writers()).toEqual([other]);
    expect((await send(other)).reason).toBe("opted_out_sms");
    expect((await send(id)).reason).toBeNull();
  });

  test("is of the one to whom the latest message there went", async () => {
    const earlier = await moved();
    const later = await buildContact(db.owner, workspaceId, { phone_e164: first });
    await send(later);
    await enter(later, "+14155550102");
    await write("STOP", first);
    expect(await writers()).toEqual([later]);
    expect((await send(later)).reason).toBe("opted_out_sms");
    expect((await send(earlier)).reason).toBeNull();
  });

  test.each([
    [
      "nothing was ever sent there",
      async (id: string) => void (await sql`delete from messages where contact_id = ${id}::uuid`.execute(db.owner)),
    ],
    [
      "it was long ago",
      async (id: string) =>
        void (await sql`update messages set created_at = now() - interval '31 days' where contact_id = ${id}::uuid`.execute(db.owner)),
    ],
    [
      "only a test went there",
      async (id: string) => void (await sql`update messages set is_test = true where contact_id = ${id}::uuid`.execute(db.owner)),
    ],
  ])("is a stranger's where %s", async (_, change) => {
    const id = await moved();
    await change(id);
    await write("STOP", first);
    expect(await writers()).toEqual([null]);
    expect(await judge(id)).toBeNull();
  });

  test("still counts where the message went 29 days ago, and not where a member tried it out", async () => {
    const id = await moved();
    await sql`update messages set created_at = now() - interval '29 days' where contact_id = ${id}::uuid`.execute(db.owner);
    await write("STOP", first, "sms", "capture");
    expect(await judge(id)).toBeNull();
    await write("STOP", first);
    expect(await judge(id)).toBe("opted_out_sms");
  });

  test("keeps back a message that waits for its call behind slow ones", async () => {
    const before: string[] = [];
    for (const phone of ["+14155550110", "+14155550111", "+14155550112"])
      before.push(await buildContact(db.owner, workspaceId, { phone_e164: phone }));
    const id = await moved();
    const leftAt = new Map<string, number>();
    const slow = fakeProvider("sms", { concurrency: 1 });
    const answers = Promise.withResolvers<void>();
    slow.answer(async ({ id: messageId, to }) => {
      leftAt.set(to, performance.now());
      await answers.promise;
      return { outcome: "accepted", providerMessageId: messageId };
    });
    const worker = await startTestEngine(db.owner, { providerFor: async () => slow });
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Again"), node("end")));
    await worker.engine.createSend(sendTo(workspaceId, flowId, [...before, id]));
    const running = worker.run();
    await expect.poll(() => leftAt.size, { interval: 1 }).toBe(1);
    const heard = receive("STOP", first);
    await expect.poll(async () => (await judge(id)) === "opted_out_sms", { interval: 5 }).toBe(true);
    // A call that was waited for longer than a moment is looked at once more.
    const real = performance.now.bind(performance);
    const clock = vi.spyOn(performance, "now").mockImplementation(() => real() + 1_000);
    answers.resolve();
    await Promise.all([heard, running]);
    clock.mockRestore();
    await worker.wait(60);
    expect([...leftAt.keys()].sort()).toEqual(["+14155550110", "+14155550111", "+14155550112"]);
    expect(await judge(id)).toBe("opted_out_sms");
  });

  test("waits for a message that is claimed and not handed over", async () => {
    const id = await moved();
    let answered: Promise<number> | undefined;
    let isAnswered = false;
    onBreakPoint(async (point) => {
      if (point !== "messages-claimed" || answered) return;
      answered = receive("STOP", first).then(() => performance.now());
      void answered.then(() => {
        isAnswered = true;
      });
      await expect.poll(() => judge(id), { interval: 5 }).toBe("opted_out_sms");
      await sleep(50);
      expect(isAnswered).toBe(false);
    });
    await send(id);
    await answered;
    onBreakPoint(undefined);
    expect((await send(id)).reason).toBe("opted_out_sms");
  });

  test("in the very moment of each claim: nothing leaves to the number of now after its answer", async () => {
    const leftAt = new Map<string, number>();
    sluice.providers.sms.answer(async ({ id, to }) => {
      leftAt.set(to, performance.now());
      return { outcome: "accepted", providerMessageId: id };
    });
    for (let round = 0; round < 15; round += 1) {
      const [before, now] = [`+1415555${2000 + round}`, `+1415555${3000 + round}`];
      const id = await buildContact(db.owner, workspaceId, { phone_e164: before });
      await send(id);
      await enter(id, now);
      const sending = send(id);
      await sleep(round * 2);
      await receive("STOP", before);
      const answeredAt = performance.now();
      await sending;
      expect(leftAt.get(now) ?? 0, `round ${round}`).toBeLessThan(answeredAt);
    }
  });
});

describe("a reply from the number that a contact had before", () => {
  const asking = graph(
    [
      node("start"),
      sms("Coming?"),
      node("wait_for_reply", { limitSeconds: 3600, cases: [{ id: "yes", is: "yes" }] }, "wait_for_reply"),
      node("end", {}, "came"),
      node("end", {}, "other"),
      node("end", {}, "silent"),
    ],
    "start > sms",
    "sms > wait_for_reply",
    "wait_for_reply:yes > came",
    "wait_for_reply:other > other",
    "wait_for_reply:no_reply > silent",
  );
  const at = (id: string) =>
    db.owner.selectFrom("flow_executions").select(["status", "current_node_id"]).where("id", "=", id).executeTakeFirstOrThrow();

  test("steers the flow that asked there, and none that asked at the number of now", async () => {
    const id = await buildContact(db.owner, workspaceId, { phone_e164: first });
    const { executionId: there } = await send(id, "marketing", asking);
    await enter(id, second);
    const { executionId: here } = await send(id, "marketing", asking);
    await write("yes", first);
    expect(await at(there)).toMatchObject({ status: "completed" });
    expect(await at(here)).toMatchObject({ status: "running", current_node_id: "wait_for_reply" });
    expect(await writers()).toEqual([id]);
    await write("yes", second);
    expect(await at(here)).toMatchObject({ status: "completed" });
  });
});

test("who asks for no more from an earlier e-mail address gets no marketing at the one of now, in whatever letters it is written", async () => {
  const id = await buildContact(db.owner, workspaceId, { email: "ada@example.test" });
  const mail = (kind: MessageKind) => send(id, kind, chain(node("start"), email("Hello", { kind }), node("end")));
  expect((await mail("marketing")).reason).toBeNull();
  await db.owner.updateTable("contacts").set({ email: "ada@new.example.test" }).where("id", "=", id).execute();
  await write("unsubscribe", "Ada@Example.test", "email");
  expect((await mail("marketing")).reason).toBe("opted_out_email");
  expect((await mail("transactional")).reason).toBeNull();
  expect(await ledger(id)).toEqual([{ channel: "email", state: "opted_out", source: "moved", address: "ada@example.test" }]);
});
