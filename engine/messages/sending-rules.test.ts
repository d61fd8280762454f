import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { type SendingRules, usualSendingRules } from "#contract/sending-rules.ts";
import { saveSendingRules } from "#db/queries/sending-rules.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import { zoneWhere } from "#test/zones.ts";

setUpEngine();

type Change = { [Key in keyof SendingRules]?: SendingRules[Key] extends object ? Partial<SendingRules[Key]> : SendingRules[Key] };
async function rule({ quietHours = {}, sandbox = {}, ...more }: Change): Promise<void> {
  const rules = { ...usualSendingRules, ...more } as SendingRules;
  await saveSendingRules(db.owner, {
    workspaceId,
    rules: { ...rules, quietHours: { ...rules.quietHours, on: false, ...quietHours }, sandbox: { ...rules.sandbox, ...sandbox } },
  });
}
async function send(ids: string[], ...steps: Parameters<typeof chain>) {
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start", { reEntry: { rule: "any_time" } }), ...steps, node("end")));
  await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
  await sluice.run();
}
const steps = async () => {
  const { rows } = await sql<{ status: string; reason: string | null; result: Record<string, unknown> | null }>`
    select s.status, s.reason, s.result from flow_execution_steps s join flow_executions e on e.id = s.flow_execution_id
    where s.workspace_id = ${workspaceId} and s.node_type in ('send_sms', 'send_email') order by s.visit, s.attempt, s.started_at, s.id`.execute(
    db.owner,
  );
  return rows;
};
describe("hours of the place", () => {
  test("at night the message waits with its reason, and leaves once the hours open", async () => {
    await rule({ quietHours: { on: true } });
    const zone = zoneWhere(3);
    const id = await buildContact(db.owner, workspaceId, { time_zone: zone });
    await send([id], sms());
    expect(sluice.providers.sms.calls).toEqual([]);
    expect(await steps()).toMatchObject([{ status: "waiting", reason: "outside_window_waiting", result: { zone } }]);
    const { rows } = await sql<{ waiting_for: string; hours: number }>`
      select waiting_for, extract(epoch from wake_at - now())::int / 3600 as hours from flow_executions where contact_id = ${id}::uuid`.execute(
      db.owner,
    );
    expect(rows).toMatchObject([{ waiting_for: "window" }]);
    expect(rows[0]?.hours).toBeGreaterThanOrEqual(4);
    expect(rows[0]?.hours).toBeLessThanOrEqual(6);
    await sluice.wait(7 * 3_600);
    expect(sluice.providers.sms.calls).toHaveLength(1);
    expect(sluice.providers.sms.calls[0]?.validUntil).toBeGreaterThan(Date.now());
    expect(await steps()).toMatchObject([
      { status: "completed", reason: "outside_window_waiting" },
      { status: "completed", reason: null },
    ]);
  });

  test("who wakes after the hours have closed again waits in the same step; a STOP meanwhile is told instead", async () => {
    await rule({ quietHours: { on: true } });
    const [late, stopped] = [
      await buildContact(db.owner, workspaceId, { time_zone: zoneWhere(3) }),
      await buildContact(db.owner, workspaceId, { time_zone: zoneWhere(3) }),
    ];
    await send([late as string, stopped as string], sms());
    await db.owner
      .updateTable("contacts")
      .set({ sms_opted_out_at: new Date() })
      .where("id", "=", stopped as string)
      .execute();
    await sluice.wait(18 * 3_600);
    expect(sluice.providers.sms.calls).toEqual([]);
    expect((await steps()).map(({ status, reason }) => `${status} ${reason}`).sort()).toEqual([
      "completed outside_window_waiting",
      "skipped opted_out_sms",
      "waiting outside_window_waiting",
    ]);
    await sluice.wait(14 * 3_600);
    expect(sluice.providers.sms.calls).toHaveLength(1);
  });

  test("a service message leaves at night and says so; an e-mail leaves at once", async () => {
    await rule({ quietHours: { on: true } });
    await send(
      [await buildContact(db.owner, workspaceId, { time_zone: zoneWhere(3) })],
      sms("Receipt", { kind: "transactional" }),
      email(),
    );
    expect(await steps()).toMatchObject([
      { status: "completed", result: { outsideHours: "transactional" } },
      { status: "completed", reason: null },
    ]);
  });
});

describe("hours of a flow's own", () => {
  const hour = (at: number) => `${String(at).padStart(2, "0")}:00`;
  async function sendWith(sendingHours: { from: string; to: string }, zone: string, ...more: Parameters<typeof chain>) {
    const id = await buildContact(db.owner, workspaceId, { time_zone: zone });
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start", { sendingHours }), ...more, node("end")));
    await sluice.engine.createSend(sendTo(workspaceId, flowId, [id]));
    await sluice.run();
  }
  // It is noon there, which the law allows everywhere.
  const noon = () => zoneWhere(12);

  test("hold a message back that the workspace would let leave, and let it leave when they open", async () => {
    await rule({ quietHours: { on: true } });
    await sendWith({ from: hour(15), to: hour(17) }, noon(), sms());
    expect(sluice.providers.sms.calls).toEqual([]);
    expect(await steps()).toMatchObject([{ status: "waiting", reason: "outside_window_waiting" }]);
    await sluice.wait(4 * 3_600);
    expect(sluice.providers.sms.calls).toHaveLength(1);
  });

  test("never let leave what the workspace holds back", async () => {
    await rule({ quietHours: { on: true } });
    await sendWith({ from: "00:00", to: "23:59" }, zoneWhere(3), sms());
    expect(sluice.providers.sms.calls).toEqual([]);
    expect(await steps()).toMatchObject([{ status: "waiting", reason: "outside_window_waiting" }]);
  });

  test("that share none with those of the workspace hold the message with its reason, instead of losing it", async () => {
    await rule({ quietHours: { on: true, from: "09:00", to: "11:00" } });
    await sendWith({ from: "12:00", to: "13:00" }, noon(), sms());
    expect(await steps()).toMatchObject([{ status: "waiting", reason: "no_sending_hours" }]);
  });

  test("hold for marketing where the workspace has none; service messages leave at once, and so do e-mails", async () => {
    await rule({ quietHours: { on: false } });
    await sendWith({ from: hour(15), to: hour(16) }, noon(), sms("Receipt", { kind: "transactional" }), email(), sms("Offer", {}, "offer"));
    expect(sluice.providers.sms.calls.map(({ text }) => text)).toEqual(["Receipt"]);
    expect(sluice.providers.email.calls).toHaveLength(1);
    expect((await steps()).at(-1)).toMatchObject({ status: "waiting", reason: "outside_window_waiting" });
  });
});

test("in the sandbox the allowed addresses get theirs, however they are written, and nobody else", async () => {
  await rule({ sandbox: { on: true, addresses: ["+14155550101", "Me@Example.test"] } });
  await send(
    [
      await buildContact(db.owner, workspaceId, { phone_e164: "+14155550101", email: "me@example.test" }),
      await buildContact(db.owner, workspaceId, { phone_e164: "+14155550102", email: "you@example.test" }),
    ],
    sms(),
    email(),
  );
  expect([...sluice.providers.sms.calls, ...sluice.providers.email.calls].map(({ to }) => to)).toEqual(["+14155550101", "me@example.test"]);
  expect((await steps()).filter(({ reason }) => reason === "sandbox")).toHaveLength(2);
});

test("where marketing SMS need a consent, those who gave one get theirs; other kinds, and e-mail, are not concerned", async () => {
  await rule({ smsConsent: "needed" });
  const given = await buildContact(db.owner, workspaceId);
  const takenBack = await buildContact(db.owner, workspaceId);
  const unknown = await buildContact(db.owner, workspaceId);
  for (const [contact, state] of [
    [given, "opted_in"],
    [takenBack, "opted_in"],
    [takenBack, "opted_out"],
  ] as const)
    await sql`insert into contact_consents (workspace_id, contact_id, channel, state, source, given_at)
      values (${workspaceId}, ${contact}::uuid, 'sms', ${state}, 'manual', now())`.execute(db.owner);
  await send([given, takenBack, unknown], sms(), sms("Receipt", { kind: "transactional" }, "receipt"), email());
  const all = await steps();
  expect(all.filter(({ reason }) => reason === "no_consent")).toHaveLength(2);
  expect(sluice.providers.sms.calls.map(({ kind }) => kind).sort()).toEqual([
    "marketing",
    "transactional",
    "transactional",
    "transactional",
  ]);
  expect(sluice.providers.email.calls).toHaveLength(3);
});

describe("a consent belongs to the number for which it was given", () => {
  const given = "+14155550141";
  const later = "+14155550142";
  const consentNow = (id: string) =>
    sql`insert into contact_consents (workspace_id, contact_id, channel, state, source, given_at)
      values (${workspaceId}, ${id}::uuid, 'sms', 'opted_in', 'form', now())`.execute(db.owner);
  const getNumber = (id: string, phone_e164: string | null) =>
    db.owner.updateTable("contacts").set({ phone_number: phone_e164, phone_e164 }).where("id", "=", id).execute();
  const called = () => sluice.providers.sms.calls.map(({ to }) => to);

  test("so another number that the contact gets gets no marketing, and the first one does again when it is back", async () => {
    await rule({ smsConsent: "needed" });
    const id = await buildContact(db.owner, workspaceId, { phone_e164: given });
    await consentNow(id);
    await getNumber(id, later);
    await send([id], sms());
    expect(called()).toEqual([]);
    expect(await steps()).toMatchObject([{ status: "skipped", reason: "no_consent" }]);
    await getNumber(id, given);
    await send([id], sms());
    expect(called()).toEqual([given]);
  });

  test("so a consent for a later number takes none from the first, and an opt-out takes it from both", async () => {
    await rule({ smsConsent: "needed" });
    const id = await buildContact(db.owner, workspaceId, { phone_e164: given });
    for (const number of [given, later]) {
      await getNumber(id, number);
      await consentNow(id);
    }
    await send([id], sms());
    await getNumber(id, given);
    await send([id], sms());
    expect(called()).toEqual([later, given]);
    await sql`insert into contact_consents (workspace_id, contact_id, channel, state, source, given_at)
      values (${workspaceId}, ${id}::uuid, 'sms', 'opted_out', 'unsubscribe', now())`.execute(db.owner);
    for (const number of [given, later]) {
      await getNumber(id, number);
      await send([id], sms());
    }
    expect(called()).toEqual([later, given]);
  });

  test.each([
    ["after the person's own opt-out makes it count again", ["opted_in form", "opted_out unsubscribe"], 1],
    ["does not take back what a member wrote down", ["opted_in form", "opted_out manual", "opted_out unsubscribe"], 0],
    ["is none of its own", ["opted_out unsubscribe"], 0],
  ])("so START %s", async (_, entries, messages) => {
    await rule({ smsConsent: "needed" });
    const id = await buildContact(db.owner, workspaceId, { phone_e164: given });
    for (const entry of [...entries, "opted_in keyword"]) {
      const [state, source] = entry.split(" ");
      await sql`insert into contact_consents (workspace_id, contact_id, channel, state, source, given_at)
        values (${workspaceId}, ${id}::uuid, 'sms', ${state}, ${source}, now())`.execute(db.owner);
    }
    await send([id], sms());
    expect(called()).toHaveLength(messages);
  });

  test("so one that was given without a number counts for none that comes later", async () => {
    await rule({ smsConsent: "needed" });
    const id = await buildContact(db.owner, workspaceId, { phone_number: null, phone_e164: null });
    await consentNow(id);
    await getNumber(id, later);
    await send([id], sms());
    expect(called()).toEqual([]);
  });

  test("so a step that changes the number ends what a step before it recorded, and one behind it records it for the new number", async () => {
    await rule({ smsConsent: "needed" });
    const id = await buildContact(db.owner, workspaceId, { phone_e164: given });
    const records = (at: string, reason: string) => node("consent", { sms: "opt_in", reason }, at);
    const renumber = node("update_contact", { changes: [{ field: "phone_number", operation: "set", value: later }] }, "renumber");
    await send(
      [id],
      records("before", "Form"),
      sms("One"),
      renumber,
      sms("Two", {}, "two"),
      records("behind", "Form"),
      sms("Three", {}, "three"),
    );
    expect(sluice.providers.sms.calls.map(({ to, text }) => `${text} ${to}`)).toEqual([`One ${given}`, `Three ${later}`]);
    const { rows } = await sql`select address from contact_consents where contact_id = ${id}::uuid order by id`.execute(db.owner);
    expect(rows).toEqual([{ address: given }, { address: later }]);
  });

  test("so what the count before a send and the plan of the contact say is what leaves", async () => {
    await rule({ smsConsent: "needed" });
    const [kept, moved] = [await buildContact(db.owner, workspaceId, { phone_e164: given }), await buildContact(db.owner, workspaceId)];
    for (const id of [kept, moved]) await consentNow(id);
    await getNumber(moved, later);
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms(), node("end")));
    const selection = { type: "ids" as const, ids: [kept, moved] };
    const { channels } = await sluice.engine.previewSend({ workspaceId, flowId, selection, oncePerAddress: true });
    expect(channels).toEqual([{ channel: "sms", refused: [{ reason: "no_consent", contacts: 1, nothing: 1 }] }]);
    await sluice.engine.createSend(sendTo(workspaceId, flowId, [kept, moved]));
    await sluice.run();
    expect(called()).toEqual([given]);
  });
});

test("a consent that a flow records for an open channel is one, is written once, and is none after the contact's own STOP", async () => {
  await rule({ smsConsent: "needed" });
  const [first, stopped] = [
    await buildContact(db.owner, workspaceId, { phone_e164: "+14155550131" }),
    await buildContact(db.owner, workspaceId, { phone_e164: "+14155550132" }),
  ];
  await sql`insert into suppressions (workspace_id, channel, address, reason, source)
    values (${workspaceId}, 'sms', '+14155550132', 'stop', 'contact')`.execute(db.owner);
  const records = (id: string) => node("consent", { sms: "opt_in", reason: "Web form" }, id);
  await send([first, stopped], records("once"), records("twice"), sms("Offer"));
  expect(sluice.providers.sms.calls.map(({ to }) => to)).toEqual(["+14155550131"]);
  const { rows } = await sql`select contact_id, channel, state, source, evidence from contact_consents
    where workspace_id = ${workspaceId} and state = 'opted_in'`.execute(db.owner);
  expect(rows).toEqual([{ contact_id: first, channel: "sms", state: "opted_in", source: "flow", evidence: "Web form" }]);
});

test("limits for marketing count the day and the week, and no other kind", async () => {
  await rule({ marketingPerDay: 2, marketingPerWeek: 3 });
  const id = await buildContact(db.owner, workspaceId);
  const three = [sms("1", {}, "a"), sms("2", {}, "b"), sms("3", {}, "c"), sms("R", { kind: "transactional" }, "d")] as const;
  await send([id], ...three);
  expect((await steps()).map(({ reason }) => reason)).toEqual([null, null, "cap_reached", null]);
  await sql`update messages set created_at = created_at - interval '2 days' where workspace_id = ${workspaceId}`.execute(db.owner);
  await send([id], ...three);
  expect(sluice.providers.sms.calls.filter(({ kind }) => kind === "marketing")).toHaveLength(3);
});

test("rules that this version cannot read count as the usual, strict ones", async () => {
  await sql`update workspaces set sending_rules = '{"quietHours": "never"}' where id = ${workspaceId}`.execute(db.owner);
  await send([await buildContact(db.owner, workspaceId, { time_zone: zoneWhere(3) })], sms());
  expect(sluice.providers.sms.calls).toEqual([]);
});
