import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Selection } from "#contract/contacts.ts";
import { transactThenRing } from "#engine/jobs/ring.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import type { TestEngine } from "#test/engine.ts";
import { eraseAtOnce, sendTo, silentLog, startTestEngine } from "#test/engine.ts";
import { db, setUpWorkspace, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import { type BreakPoint, onBreakPoint, sendBreakPoints } from "../base/break-point.ts";
import { moveIdsToBin, restoreIds } from "./move-to-bin.ts";

let sluice: TestEngine;
const actor = { id: "00000000-0000-7000-8000-000000000001", name: "Tester" };
setUpWorkspace();
beforeEach(async () => {
  sluice = await startTestEngine(db.owner);
});
afterEach(() => onBreakPoint(undefined));

const remove = (ids: string[]) => sluice.engine.deleteContacts({ workspaceId, selection: { type: "ids", ids }, actor });
const restore = (ids: string[]) => db.owner.transaction().execute((tx) => restoreIds(tx, { workspaceId, ids }));
const contact = (id: string) => db.owner.selectFrom("contacts").selectAll().where("id", "=", id).executeTakeFirst();
const executionsOf = (sendId: string) =>
  db.owner.selectFrom("flow_executions").select(["contact_id", "status", "ended_reason"]).where("send_id", "=", sendId).execute();
const messageIds = async () =>
  (await db.owner.selectFrom("messages").select("id").where("workspace_id", "=", workspaceId).execute()).map(({ id }) => id).sort();

test("never moves or restores a contact of another workspace", async () => {
  const other = await buildWorkspace(db.owner);
  const foreign = await buildContact(db.owner, other);
  expect(await remove([foreign])).toEqual({ matched: 0, changed: 0 });
  expect(await contact(foreign)).toMatchObject({ deleted_at: null });
  await sluice.engine.deleteContacts({ workspaceId: other, selection: { type: "ids", ids: [foreign] }, actor });
  expect(await restore([foreign])).toEqual([]);
  expect(await contact(foreign)).toMatchObject({ deleted_at: expect.any(Date) });
});

test("ends the executions, keeps every value, and is done once however often it is asked for", async () => {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(60), sms()));
  const id = await buildContact(db.owner, workspaceId, { lead_status: "Hot", sms_opted_out_at: new Date(0) });
  const before = await contact(id);
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [id]));
  await sluice.run();
  expect(await remove([id])).toEqual({ matched: 1, changed: 1 });
  expect(await remove([id])).toEqual({ matched: 0, changed: 0 });
  expect(await executionsOf(sendId)).toEqual([{ contact_id: id, status: "cancelled", ended_reason: "contact_deleted" }]);
  expect(await contact(id)).toEqual({ ...before, deleted_at: expect.any(Date), deleted_by: actor.id, deleted_by_name: actor.name });
  expect(await restore([id])).toEqual([id]);
  expect(await restore([id])).toEqual([]);
  expect(await contact(id)).toEqual(before);
  await sluice.wait(61);
  expect(sluice.providers.sms.calls).toEqual([]);
  expect(await executionsOf(sendId)).toMatchObject([{ status: "cancelled" }]);
});

test("deletes by filter, all or nothing, and counts exactly", async () => {
  await buildContacts(db.owner, workspaceId, 40);
  const kept = await buildContact(db.owner, workspaceId);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(60), sms()));
  const all: Extract<Selection, { type: "filter" }> = { type: "filter", filter: { tests: [] }, excluded: [] };
  await sluice.engine.createSend({ ...sendTo(workspaceId, flowId, []), selection: all });
  await sluice.run();
  expect(await sluice.engine.deleteContacts({ workspaceId, selection: { ...all, excluded: [kept] }, actor })).toEqual({
    matched: 40,
    changed: 40,
  });
  await sluice.wait(61);
  expect(sluice.providers.sms.calls).toHaveLength(1);
});

describe("a contact in the bin is not enrolled", () => {
  const all: Selection = { type: "filter", filter: { tests: [] }, excluded: [] };

  test.each(["its id", "a filter"])("when %s selects it", async (how) => {
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms()));
    const [binned, other] = [await buildContact(db.owner, workspaceId), await buildContact(db.owner, workspaceId)];
    await remove([binned]);
    const selection: Selection = how === "its id" ? { type: "ids", ids: [binned, other] } : all;
    const { sendId, skipped } = await sluice.engine.createSend({ ...sendTo(workspaceId, flowId, []), selection });
    await sluice.run();
    expect(await executionsOf(sendId)).toMatchObject([{ contact_id: other, status: "completed" }]);
    expect(skipped).toEqual(how === "its id" ? [{ contactId: binned, reason: "contact_deleted" }] : []);
  });

  test("when it is moved there at the moment of enrolment, and the send says so", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(60), sms()));
    const [binned, other] = [await buildContact(db.owner, workspaceId), await buildContact(db.owner, workspaceId)];
    const { creating } = await whileBinning([binned], () => ({
      creating: sluice.engine.createSend(sendTo(workspaceId, flowId, [binned, other])),
    }));
    const { sendId, skipped } = await creating;
    expect(skipped).toEqual([{ contactId: binned, reason: "contact_deleted" }]);
    await restore([binned]);
    await sluice.run();
    await sluice.wait(61);
    expect(await executionsOf(sendId)).toMatchObject([{ contact_id: other, status: "completed" }]);
    const send = await db.owner.selectFrom("flow_sends").selectAll().where("id", "=", sendId).executeTakeFirstOrThrow();
    expect(send).toMatchObject({ expected: 2, enrolled: 1, not_enrolled: 1, state: "done" });
  });
});

describe("a contact in the bin is not written to", () => {
  test("when it is moved there while its message is being claimed", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms()));
    const id = await buildContact(db.owner, workspaceId);
    const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [id]));
    let binning: Promise<unknown> | undefined;
    onBreakPoint(async (name) => {
      if (name !== "chunk-read" || binning) return;
      await new Promise<void>((goOn) => {
        binning = whileBinning([id], goOn);
      });
    });
    await sluice.run();
    await binning;
    await sluice.run();
    expect(sluice.providers.sms.calls).toEqual([]);
    expect(await executionsOf(sendId)).toMatchObject([{ status: "cancelled", ended_reason: "contact_deleted" }]);
  });

  test("by a retry, and once restored it can be retried", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms()));
    const id = await buildContact(db.owner, workspaceId);
    sluice.providers.sms.answer({ outcome: "rejected", reason: "provider_rejected", message: "no", retryable: false });
    const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [id]));
    await sluice.run();
    await remove([id]);
    expect(await sluice.engine.previewRetry({ workspaceId, sendId })).toMatchObject({ executions: 0, byReason: [] });
    await expect(sluice.engine.retry({ workspaceId, sendId })).rejects.toMatchObject({ code: "nothing_to_retry" });
    await sluice.run();
    expect(sluice.providers.sms.calls).toHaveLength(1);
    await restore([id]);
    await sluice.engine.retry({ workspaceId, sendId });
    await sluice.run();
    expect(sluice.providers.sms.calls).toHaveLength(2);
  });

  test("by an execution that somebody put there by hand", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(60), sms()));
    const id = await buildContact(db.owner, workspaceId);
    const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [id]));
    await sluice.run();
    await sql`update contacts set deleted_at = now() where id = ${id}::uuid`.execute(db.owner);
    await sluice.wait(61);
    expect(sluice.providers.sms.calls).toEqual([]);
    expect(await executionsOf(sendId)).toMatchObject([{ status: "cancelled", ended_reason: "contact_deleted" }]);
  });

  const inTheTransaction: BreakPoint[] = ["changing", "starting", "leaving", "saving", "page-enrolled"];
  const met = sendBreakPoints.filter((point) => !["call-claimed", "call-answered", "answers-saved"].includes(point));
  test.each(met)("when it is moved there at %s, nor once it is restored", async (point) => {
    const child = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(5), sms("child")));
    const flow = graph(
      [
        node("start"),
        sms("one"),
        node("update_contact", { changes: [{ field: "lead_status", operation: "set", value: "Hot" }] }),
        node("leave_flows", {}),
        node("start_flow", { flowId: child }),
        email("two"),
        wait(60),
        sms("three", {}, "three"),
      ],
      "start > sms",
      "sms > update_contact",
      "update_contact > leave_flows",
      "leave_flows > start_flow",
      "start_flow:started > email",
      "email > delay",
      "delay > three",
    );
    const flowId = await buildFlow(db.owner, workspaceId, flow);
    const id = await buildContact(db.owner, workspaceId);
    let known: Promise<string[]> | undefined;
    onBreakPoint(async (name) => {
      if (name !== point || known) return;
      known = remove([id]).then(messageIds);
      if (!inTheTransaction.includes(point)) await known;
    });
    // A filter is enrolled by a job, ids at once.
    const selection: Selection =
      point === "page-enrolled" ? { type: "filter", filter: { tests: [] }, excluded: [] } : { type: "ids", ids: [id] };
    await sluice.engine.createSend({ ...sendTo(workspaceId, flowId, []), selection });
    await sluice.run();
    await sluice.wait(6);
    await sluice.wait(61);
    const atDeletion = await (known ?? expect.unreachable(`${point} was not met`));
    expect(await messageIds()).toEqual(atDeletion);
    const calls = sluice.providers.sms.calls.length + sluice.providers.email.calls.length;
    await restore([id]);
    await sluice.run();
    await sluice.wait(61);
    expect(await messageIds()).toEqual(atDeletion);
    expect(sluice.providers.sms.calls.length + sluice.providers.email.calls.length).toBe(calls);
    const active = await db.owner
      .selectFrom("flow_executions")
      .select("id")
      .where("workspace_id", "=", workspaceId)
      .where("status", "in", ["pending", "running"])
      .execute();
    expect(active).toEqual([]);
  });
});

describe("consent is never looser for it", () => {
  const number = { phone_e164: "+15559870001", phone_number: "+15559870001" };

  test("an address that a contact in the bin refused is refused by a new contact with it", async () => {
    const id = await buildContact(db.owner, workspaceId, { ...number, sms_opted_out_at: new Date(0), dnc: true });
    await remove([id]);
    const next = await buildContact(db.owner, workspaceId, { ...number, email: "new@example.test" });
    expect(await contact(next)).toMatchObject({ sms_opted_out_at: new Date(0), email_opted_out_at: null, dnc: true });
  });

  test("what was refused by a contact that was erased meanwhile is refused by one that is restored with the address", async () => {
    const [stays, goes] = [
      await buildContact(db.owner, workspaceId, number),
      await buildContact(db.owner, workspaceId, { ...number, sms_opted_out_at: new Date(0) }),
    ];
    await remove([stays]);
    await eraseAtOnce(sluice, { workspaceId, ids: [goes] });
    await restore([stays]);
    expect(await contact(stays)).toMatchObject({ sms_opted_out_at: new Date(0) });
  });

  test("two who share a number are restored each with their own consent", async () => {
    const ids = [
      await buildContact(db.owner, workspaceId, { ...number, sms_opted_out_at: new Date(0) }),
      await buildContact(db.owner, workspaceId, number),
    ];
    await remove(ids);
    await restore(ids);
    expect(await contact(ids[1] as string)).toMatchObject({ sms_opted_out_at: null });
  });

  test("a number that is dead stays suppressed as long as a contact in the bin has it", async () => {
    const [stays, goes] = [await buildContact(db.owner, workspaceId, number), await buildContact(db.owner, workspaceId, number)];
    await db.owner
      .insertInto("suppressions")
      .values({ workspace_id: workspaceId, channel: "sms", address: number.phone_e164, reason: "bounced_before" })
      .execute();
    await remove([stays]);
    await eraseAtOnce(sluice, { workspaceId, ids: [goes] });
    const { rows } = await sql`select from suppressions where workspace_id = ${workspaceId}`.execute(db.owner);
    expect(rows).toHaveLength(1);
  });
});

/** Begins something while a transaction that moves contacts to the bin is open, and commits it once the other waits for it. */
async function whileBinning<T>(ids: string[], begin: () => T): Promise<T> {
  const { driver } = sluice;
  let begun: T | undefined;
  await transactThenRing({ db: db.owner, driver, log: silentLog }, async (tx, ring) => {
    await moveIdsToBin(tx, { workspaceId, ids, actor }, { clock: driver.clock, driver, nodes: nodeRegistry }, ring);
    begun = begin();
    for (;;) {
      const { rows } = await sql<{ waiting: number }>`
        select count(*)::int as waiting from pg_locks where not granted and pid <> pg_backend_pid()`.execute(tx);
      if ((rows[0]?.waiting ?? 0) > 0) break;
    }
  });
  return begun as T;
}
