import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { eraseAtOnce, sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import { onBreakPoint, SimulatedCrash } from "../base/break-point.ts";

setUpEngine();

const actor = { id: "00000000-0000-7000-8000-000000000001", name: "Tester" };
const day = 86_400_000;
const remove = (ids: string[]) => eraseAtOnce(sluice, { workspaceId, ids });
const exists = async (id: string) => (await db.owner.selectFrom("contacts").select("id").where("id", "=", id).execute()).length === 1;

test("never erases a contact of another workspace, nor one that is not in the bin", async () => {
  const other = await buildWorkspace(db.owner);
  const foreign = await buildContact(db.owner, other);
  await sluice.engine.deleteContacts({ workspaceId: other, selection: { type: "ids", ids: [foreign] }, actor });
  const here = await buildContact(db.owner, workspaceId);
  expect(await sluice.engine.eraseContacts({ workspaceId, ids: [foreign, here], actor })).toEqual({ erased: 0 });
  expect([await exists(foreign), await exists(here)]).toEqual([true, true]);
});

test("ends what they are in, keeps what was done without names and addresses, and wakes nobody later", async () => {
  const canary = "Canarius";
  const choose = node("condition", { branches: [{ id: "known", tests: [{ field: "firstname", operator: "is_not_empty" }] }] });
  const flow = graph(
    [node("start"), choose, sms("Hi {{firstname}}"), email("Hi {{firstname}}"), wait(60), sms("again", {}, "again")],
    "start > condition",
    "condition:known > sms",
    "sms > email",
    "email > delay",
    "delay > again",
  );
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const contactId = await buildContact(db.owner, workspaceId, {
    firstname: canary,
    email: `${canary}@example.test`,
    phone_e164: "+15559876543",
  });
  const other = await buildContact(db.owner, workspaceId);
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId, other]));
  await sluice.run();
  expect(await remove([contactId])).toEqual({ matched: 1, changed: 1 });
  await sluice.wait(61);
  expect(sluice.providers.sms.calls.filter(({ text }) => text === "again")).toHaveLength(1);
  const executions = await db.owner
    .selectFrom("flow_executions")
    .select(["contact_id", "status", "ended_reason"])
    .where("send_id", "=", sendId)
    .orderBy("status")
    .execute();
  expect(executions).toEqual([
    { contact_id: null, status: "cancelled", ended_reason: "contact_deleted" },
    { contact_id: other, status: "completed", ended_reason: null },
  ]);
  for (const table of ["flow_executions", "flow_execution_steps", "messages", "wake_ups", "flow_sends"]) {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)} t
      where t::text ilike ${`%${canary}%`} or t::text like '%15559876543%'`.execute(db.owner);
    expect(rows[0]?.n, table).toBe(0);
  }
  const kept = await db.owner
    .selectFrom("messages")
    .select(["status", "to_address", "body"])
    .where("send_id", "=", sendId)
    .where("contact_id", "is", null)
    .execute();
  expect(kept).toEqual([
    { status: "sent", to_address: null, body: null },
    { status: "sent", to_address: null, body: null },
  ]);
});

test("a message that waited for another try says that it will have none, and one in the hands of a dead worker that nobody knows", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 2);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
  sluice.providers.sms.answer({ outcome: "rejected", reason: "provider_unavailable", message: "busy", retryable: true });
  await sluice.engine.createSend(sendTo(workspaceId, flowId, [ids[0] as string]));
  await sluice.run();
  await sluice.engine.createSend(sendTo(workspaceId, flowId, [ids[1] as string]));
  onBreakPoint((point) => {
    if (point === "batch-answered") throw new SimulatedCrash(point);
  });
  await expect(sluice.run()).rejects.toThrow(SimulatedCrash);
  onBreakPoint(undefined);
  await remove(ids);
  const rows = await db.owner
    .selectFrom("messages")
    .select(["status", "reason"])
    .where("workspace_id", "=", workspaceId)
    .orderBy("id")
    .execute();
  expect(rows).toEqual([
    { status: "failed", reason: "contact_deleted" },
    { status: "unknown", reason: "outcome_unknown" },
  ]);
});

test("what was in flight while its contact was deleted is known after all when the answer comes", async () => {
  const contactId = await buildContact(db.owner, workspaceId);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
  sluice.providers.sms.answer(async () => {
    await remove([contactId]);
    return { outcome: "accepted", providerMessageId: "late" };
  });
  await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await sluice.run();
  const rows = await db.owner.selectFrom("messages").select(["status", "reason"]).where("workspace_id", "=", workspaceId).execute();
  expect(rows).toEqual([{ status: "sent", reason: null }]);
});

test("keeps of a result what its node type says may stay, and of a type that is gone only what the engine wrote", async () => {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("Hi {{firstname}}")));
  const contactId = await buildContact(db.owner, workspaceId);
  await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await sluice.run();
  const { id } = await db.owner.selectFrom("flow_executions").select("id").where("contact_id", "=", contactId).executeTakeFirstOrThrow();
  const results: [type: string, before: unknown, after: unknown][] = [
    [
      "webhook",
      { status: 200, attempts: 1, duration_ms: 5, answer: "Canarius", customer: "Canarius" },
      { status: 200, attempts: 1, duration_ms: 5 },
    ],
    ["webhook", { fields: "Canarius", goal: "Canarius" }, null],
    ["set_variable", { name: "plan", value: "Canarius", variables: { plan: "Canarius" } }, { name: "plan" }],
    ["update_contact", { changes: { firstname: { before: "Canarius", after: "C" } }, rehearsed: true }, { rehearsed: true }],
    ["delay", { until: "2026-01-01T00:00:00Z", zone: "UTC", date: "1980-02-03T00:00:00Z", goal: "g" }, { goal: "g" }],
    ["condition", { branch: "a", label: "A", compared: [{ found: "Canarius" }], undeclared: "Canarius" }, { branch: "a", label: "A" }],
    [
      "voice_call",
      { messageId: "m", provider: "p", goal: "g", said: "Canarius", text: "Canarius" },
      { messageId: "m", provider: "p", goal: "g" },
    ],
    ["end", null, null],
  ];
  for (const [index, [type, before]] of results.entries()) {
    await sql`insert into flow_execution_steps (workspace_id, flow_execution_id, visit, attempt, node_id, node_type, status, result, started_at)
      values (${workspaceId}, ${id}, ${100 + index}, 1, 'n', ${type}, 'completed', ${before === null ? null : JSON.stringify(before)}::jsonb, now())`.execute(
      db.owner,
    );
  }
  await remove([contactId]);
  const steps = await db.owner
    .selectFrom("flow_execution_steps")
    .select("result")
    .where("flow_execution_id", "=", id)
    .where("visit", ">=", 100)
    .orderBy("visit")
    .execute();
  await sql`delete from flow_execution_steps where flow_execution_id = ${id} and visit >= 100`.execute(db.owner);
  expect(steps.map(({ result }) => result)).toEqual(results.map(([, , after]) => after));
});

describe("what its address refused", () => {
  const address = { phone_e164: "+15559870001", email: "Refused@Example.test" };
  const consentOf = (id: string) =>
    db.owner
      .selectFrom("contacts")
      .select(["sms_opted_out_at", "email_opted_out_at", "opt_out_source", "dnc"])
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
  const add = async () => consentOf(await buildContact(db.owner, workspaceId, address));
  const optedOut = { sms_opted_out_at: new Date(0), opt_out_source: "manual", dnc: true };
  const refusing = { ...optedOut, email_opted_out_at: null };
  const free = { sms_opted_out_at: null, email_opted_out_at: null, opt_out_source: null, dnc: false };
  const eraseOneWhoRefuses = async () => remove([await buildContact(db.owner, workspaceId, { ...address, ...optedOut })]);
  /** Records that the contact allows it again, and writes what follows. */
  const allow = (id: string, channel: "sms" | "all") =>
    db.owner.transaction().execute(async (tx) => {
      await tx
        .insertInto("contact_consents")
        .values({ workspace_id: workspaceId, contact_id: id, channel, state: "opted_in", given_at: new Date(0) })
        .execute();
      await tx
        .updateTable("contacts")
        .set(channel === "sms" ? { sms_opted_out_at: null, opt_out_source: null } : { dnc: false })
        .where("id", "=", id)
        .execute();
    });

  test("is refused by every contact that gets the address, however often it is erased and added", async () => {
    await eraseOneWhoRefuses();
    expect([await add(), await add()]).toEqual([refusing, refusing]);
    const moved = await buildContact(db.owner, workspaceId);
    await db.owner.updateTable("contacts").set({ phone_e164: address.phone_e164 }).where("id", "=", moved).execute();
    expect(await consentOf(moved)).toEqual(refusing);
    await remove([moved]);
    expect(await add()).toEqual(refusing);
  });

  test("is not taken over by who had the address already, and is by who gets it later", async () => {
    const relative = await buildContact(db.owner, workspaceId, address);
    await eraseOneWhoRefuses();
    expect(await consentOf(relative)).toEqual(free);
    await db.owner.updateTable("contacts").set({ email: address.email, firstname: "New" }).where("id", "=", relative).execute();
    expect(await consentOf(relative)).toEqual(free);
    expect(await add()).toEqual(refusing);
  });

  test("is refused in no other workspace", async () => {
    await eraseOneWhoRefuses();
    const other = await buildWorkspace(db.owner);
    expect(await consentOf(await buildContact(db.owner, other, address))).toEqual(free);
  });

  test("ends, for what is allowed, with the recorded consent of one who has the address, and others who have it keep theirs", async () => {
    await eraseOneWhoRefuses();
    const [one, other] = [await buildContact(db.owner, workspaceId, address), await buildContact(db.owner, workspaceId, address)];
    await allow(one, "sms");
    expect(await add()).toEqual({ ...free, dnc: true });
    await allow(one, "all");
    expect(await add()).toEqual(free);
    expect(await consentOf(other)).toEqual(refusing);
    const { rows } = await sql`select from private.refused_addresses where workspace_id = ${workspaceId}`.execute(db.owner);
    expect(rows).toEqual([]);
  });

  test("is on the suppression list again for all of them, until it is taken off the list", async () => {
    const suppressed = { workspace_id: workspaceId, channel: "sms" as const, address: address.phone_e164, reason: "bounced_before" };
    await db.owner.insertInto("suppressions").values(suppressed).execute();
    await remove([await buildContact(db.owner, workspaceId, address)]);
    const onList = async () => {
      await add();
      return db.owner
        .selectFrom("suppressions")
        .select(["workspace_id", "channel", "address", "reason"])
        .where("workspace_id", "=", workspaceId)
        .execute();
    };
    expect([await onList(), await onList()]).toEqual([[suppressed], [suppressed]]);
    await db.owner.deleteFrom("suppressions").where("workspace_id", "=", workspaceId).execute();
    expect(await onList()).toEqual([]);
  });
});

test("erases what has been in the bin for 30 days, nothing sooner, in every workspace, and says so in the audit log", async () => {
  const other = await buildWorkspace(db.owner);
  const [old, restored] = [await buildContact(db.owner, workspaceId), await buildContact(db.owner, workspaceId)];
  const elsewhere = await buildContact(db.owner, other);
  const bin = (workspace: string, ids: string[]) =>
    sluice.engine.deleteContacts({ workspaceId: workspace, selection: { type: "ids", ids }, actor });
  await bin(workspaceId, [old, restored]);
  await bin(other, [elsewhere]);
  await db.owner.updateTable("contacts").set({ deleted_at: null }).where("id", "=", restored).execute();
  sluice.driver.clock.forward(30 * day - 60_000);
  await sluice.engine.eraseDueContacts();
  expect([await exists(old), await exists(restored), await exists(elsewhere)]).toEqual([true, true, true]);
  const young = await buildContact(db.owner, workspaceId);
  await bin(workspaceId, [young]);
  sluice.driver.clock.forward(120_000);
  expect(await sluice.engine.eraseDueContacts()).toBeGreaterThanOrEqual(2);
  expect([await exists(old), await exists(restored), await exists(elsewhere), await exists(young)]).toEqual([false, true, false, true]);
  const entries = await db.owner
    .selectFrom("audit_log")
    .select(["actor_id", "details"])
    .where("action", "=", "bin.erase")
    .where("workspace_id", "in", [workspaceId, other])
    .execute();
  expect(entries).toEqual(expect.arrayContaining([old, elsewhere].map((id) => ({ actor_id: null, details: { erased: 1, ids: [id] } }))));
});

test("a sweep that dies leaves everything as it was, and the next one finishes it", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 3);
  await sluice.engine.deleteContacts({ workspaceId, selection: { type: "ids", ids }, actor });
  sluice.driver.clock.forward(31 * day);
  await sql`create function refuse_erasing() returns trigger language plpgsql as $$ begin raise exception 'killed'; end $$`.execute(
    db.owner,
  );
  await sql`create trigger refuse_erasing before insert on audit_log for each row when (new.action = 'bin.erase') execute function refuse_erasing()`.execute(
    db.owner,
  );
  await expect(sluice.engine.eraseDueContacts()).rejects.toThrow("killed");
  await sql`drop trigger refuse_erasing on audit_log`.execute(db.owner);
  expect(await exists(ids[0] as string)).toBe(true);
  expect(await sluice.engine.eraseDueContacts()).toBeGreaterThanOrEqual(3);
  for (const id of ids) expect(await exists(id)).toBe(false);
});
