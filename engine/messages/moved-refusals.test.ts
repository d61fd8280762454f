import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { MessageKind } from "#contract/message-kinds.ts";
import type { Channel } from "#contract/messages.ts";
import { SendingRules } from "#contract/sending-rules.ts";
import { matchesSelection } from "#db/queries/contact-filter.ts";
import { saveSendingRules } from "#db/queries/sending-rules.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, node, sms } from "#test/graphs.ts";

// A STOP is the person's, and another number that somebody enters for them is no consent (docs/decisions/0068).

setUpEngine();
const first = "+14155550100";
const second = "+14155550101";

let written = 0;
async function write(text: string, from = first): Promise<void> {
  written += 1;
  const message = { kind: "received", providerMessageId: `in-${written}`, from, to: "+15550001111", text, files: 0 } as const;
  await sluice.engine.takeInbound({ workspaceId, channel: "sms", provider: "fake", events: [message] });
  await sluice.engine.inboundIdle();
}
const enter = (id: string, phone: string | null) =>
  db.owner.updateTable("contacts").set({ phone_number: phone, phone_e164: phone }).where("id", "=", id).execute();
const enterEmail = (id: string, address: string) => db.owner.updateTable("contacts").set({ email: address }).where("id", "=", id).execute();
const agree = (id: string, source: string) =>
  sql`insert into contact_consents (workspace_id, contact_id, channel, state, source, given_at) values (${workspaceId}, ${id}::uuid, 'sms', 'opted_in', ${source}, now())`.execute(
    db.owner,
  );

/** Who says what keeps a message from the contact: the preview, the forecast, the gate, the panel and the filter. */
async function ask(id: string, channel: Channel = "sms", kind: MessageKind = "marketing") {
  const message = channel === "sms" ? sms("Hello", { kind }) : email("Hello", { kind });
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), message, node("end")));
  const selection = { type: "ids", ids: [id] } as const;
  const { channels } = await sluice.engine.previewSend({
    workspaceId,
    flowId,
    selection: { ...selection, ids: [id] },
    oncePerAddress: true,
  });
  const preview = channels.find((one) => one.channel === channel)?.refused[0]?.reason ?? null;
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [id]));
  await sluice.run();
  const { rows } = await sql<{ reason: string | null }>`
    select s.reason from flow_execution_steps s join flow_executions e on e.id = s.flow_execution_id
    where e.send_id = ${sendId}::uuid and s.node_type like 'send%'`.execute(db.owner);
  const gate = rows[0]?.reason ?? null;
  expect(preview, "the preview says what the gate says").toBe(gate);
  if (kind === "marketing") {
    const reach = await sluice.engine.judgeReach({ workspaceId, contactId: id });
    expect(reach?.[channel], "the panel says what the gate says").toBe(gate);
    const filter = { tests: [{ field: `can_receive_${channel}`, operator: "is", value: true }] } as never;
    const { rows: found } = await sql`select id from contacts
      where workspace_id = ${workspaceId} and id = ${id}::uuid and ${matchesSelection({ type: "filter", filter, excluded: [] })}`.execute(
      db.owner,
    );
    // The filter asks what holds for every kind, and not for the consent that marketing needs.
    expect(found.length === 1, "the filter finds whom the gate lets through").toBe(gate === null || gate === "no_consent");
  }
  return gate;
}

describe("after a STOP another number that is entered", () => {
  test("is closed as well, whatever number follows, and the ledger says under which one they asked", async () => {
    const id = await buildContact(db.owner, workspaceId, { phone_e164: first });
    await write("STOP");
    await enter(id, null);
    await enter(id, second);
    expect(await ask(id)).toBe("opted_out_sms");
    expect(await ask(id, "sms", "transactional")).toBe("opted_out_sms");
    await enter(id, "+14155550102");
    expect(await ask(id)).toBe("opted_out_sms");
    expect(await ask(id, "email"), "the other channel is not asked").toBeNull();
    await sql`update contacts set sms_refused_as = null where id = ${id}::uuid`.execute(db.owner);
    expect(await ask(id), "nobody takes it away by the way").toBe("opted_out_sms");
    const { rows } = await sql`select channel, state, source, address from contact_consents where contact_id = ${id}::uuid`.execute(
      db.owner,
    );
    expect(rows).toEqual([{ channel: "sms", state: "opted_out", source: "moved", address: first }]);
  });

  test("opens with START from it, or with a consent that is written down for it, and not with one from before the STOP", async () => {
    const [asks, agrees, agreed] = [first, "+14155550110", "+14155550120"];
    const contacts = [];
    for (const phone of [asks, agrees, agreed]) contacts.push(await buildContact(db.owner, workspaceId, { phone_e164: phone }));
    const [a, b, c] = contacts as [string, string, string];
    await enter(c, "+14155550121");
    await agree(c, "form");
    await enter(c, agreed);
    for (const phone of [asks, agrees, agreed]) await write("STOP", phone);
    await enter(a, "+14155550101");
    await enter(b, "+14155550111");
    await enter(c, "+14155550121");
    for (const id of [a, b, c]) expect(await ask(id)).toBe("opted_out_sms");
    await write("START", "+14155550101");
    expect(await ask(a)).toBeNull();
    await agree(b, "form");
    expect(await ask(b)).toBeNull();
    await enter(b, agrees);
    expect(await ask(b), "the number that said STOP stays closed").toBe("opted_out_sms");
  });

  test("is open where the consent comes with it, and where the number before was only dead, put on the list by hand, or tried out", async () => {
    const id = await buildContact(db.owner, workspaceId, { phone_e164: first });
    await write("STOP");
    await db.owner.transaction().execute(async (tx) => {
      await sql`insert into contact_consents (workspace_id, contact_id, channel, state, source, address, given_at)
        values (${workspaceId}, ${id}::uuid, 'sms', 'opted_in', 'manual', ${second}, now() - interval '1 day')`.execute(tx);
      await sql`update contacts set phone_number = ${second}, phone_e164 = ${second} where id = ${id}::uuid`.execute(tx);
    });
    expect(await ask(id)).toBeNull();
    for (const [reason, source] of [
      ["bounced_before", "provider"],
      ["manual", "person"],
      ["stop", "trial"],
    ] as const) {
      const phone = `+1415555030${source.length}`;
      const other = await buildContact(db.owner, workspaceId, { phone_e164: phone });
      await sql`insert into suppressions (workspace_id, channel, address, reason, source) values (${workspaceId}, 'sms', ${phone}, ${reason}, ${source})`.execute(
        db.owner,
      );
      await enter(other, `+1415555040${source.length}`);
      expect(await ask(other), reason).toBeNull();
    }
  });

  test("is closed for marketing alone where they only may have meant it, until START", async () => {
    const id = await buildContact(db.owner, workspaceId, { phone_e164: first });
    await write("Please don't text me at work");
    await enter(id, second);
    expect(await ask(id)).toBe("maybe_stop");
    expect(await ask(id, "sms", "transactional")).toBeNull();
    await write("START", second);
    expect(await ask(id)).toBeNull();
  });

  test("is closed where a step of a flow enters it", async () => {
    const id = await buildContact(db.owner, workspaceId, { phone_e164: first });
    const bystander = await buildContact(db.owner, workspaceId, { phone_e164: "+14155550190" });
    await write("STOP");
    const set = node("update_contact", { changes: [{ field: "phone_number", operation: "set", value: second }] }, "set");
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), set, sms("Hello", {}, "hello"), node("end")));
    const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [id], { oncePerAddress: false }));
    await sluice.run();
    const { rows } = await sql`select s.reason from flow_execution_steps s join flow_executions e on e.id = s.flow_execution_id
      where e.send_id = ${sendId}::uuid and s.node_type = 'send_sms'`.execute(db.owner);
    expect(rows).toEqual([{ reason: "opted_out_sms" }]);
    expect(await ask(bystander)).toBeNull();
  });

  test("is no consent where an admin says that another person had asked, and the workspace wants one", async () => {
    const id = await buildContact(db.owner, workspaceId, { phone_e164: first });
    await agree(id, "form");
    await write("STOP");
    await enter(id, second);
    await agree(id, "not_theirs");
    expect(await ask(id)).toBeNull();
    await saveSendingRules(db.owner, { workspaceId, rules: SendingRules.parse({ smsConsent: "needed", quietHours: { on: false } }) });
    expect(await ask(id)).toBe("no_consent");
    await agree(id, "form");
    expect(await ask(id)).toBeNull();
  });

  test("takes nothing from another contact who has that number already", async () => {
    const [one, other] = [
      await buildContact(db.owner, workspaceId, { phone_e164: first }),
      await buildContact(db.owner, workspaceId, { phone_e164: second }),
    ];
    await write("STOP");
    await enter(one, second);
    expect(await ask(one)).toBe("opted_out_sms");
    expect(await ask(other)).toBeNull();
  });
});

test("who unsubscribed under one address gets no marketing at the next, and gets what they expect", async () => {
  const id = await buildContact(db.owner, workspaceId, { email: "ada@example.test" });
  const change = (more: object, address: string) =>
    sluice.engine.changeSubscription({ who: { workspaceId, contactId: id, address }, shown: "the page", ...more });
  await change({ email: "stop" }, "ada@example.test");
  await enterEmail(id, " ADA@example.test");
  await enterEmail(id, "ada@new.example.test");
  expect(await ask(id, "email")).toBe("opted_out_email");
  expect(await ask(id, "email", "transactional")).toBeNull();
  expect(await sluice.engine.readSubscription({ workspaceId, contactId: id, address: "ada@new.example.test" })).toMatchObject({
    email: "closed",
  });
  await change({ email: "start" }, "ada@new.example.test");
  expect(await ask(id, "email")).toBeNull();
});

test("whoever is added with the number of a contact that was erased, or lies in the bin, finds it closed as it was for that one", async () => {
  const actor = { id: "00000000-0000-7000-8000-000000000001", name: "Tester" };
  const [binned, erased] = [
    await buildContact(db.owner, workspaceId, { phone_e164: first }),
    await buildContact(db.owner, workspaceId, { phone_e164: "+14155550110" }),
  ];
  await write("STOP");
  await write("STOP", "+14155550110");
  await enter(binned, second);
  await enter(erased, "+14155550111");
  await sluice.engine.deleteContacts({ workspaceId, selection: { type: "ids", ids: [binned, erased] }, actor });
  await sluice.engine.eraseContacts({ workspaceId, ids: [erased], actor });
  for (const phone of [second, "+14155550111"]) {
    const again = await buildContact(db.owner, workspaceId, { phone_e164: phone });
    expect(await ask(again), phone).toBe("opted_out_sms");
  }
});
