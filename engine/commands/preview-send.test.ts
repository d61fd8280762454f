import fc from "fast-check";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { Selection } from "#contract/contacts.ts";
import type { FlowGraph } from "#contract/flows.ts";
import { SendingRules } from "#contract/sending-rules.ts";
import type { SendPreview } from "#contract/sends.ts";
import { saveSendingRules } from "#db/queries/sending-rules.ts";
import { sendTo } from "#test/engine.ts";
import { changeWorkspace, db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow, buildWorkspace, type ContactValues } from "#test/factories.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import { countGroups, type PreviewGroup, type PreviewQuery } from "./preview-send-rows.ts";

setUpEngine();

const everybody: Selection = { type: "filter", filter: { tests: [] }, excluded: [] };
const byIds = (ids: readonly string[]): Selection => ({ type: "ids", ids: [...ids] });
const smsOnly = () => chain(node("start"), sms(), node("end"));
const both = () => chain(node("start"), sms(), email(), node("end"));
const flow = (nodes: FlowGraph) => buildFlow(db.owner, workspaceId, nodes);
const preview = (flowId: string, selection: Selection = everybody, oncePerAddress = true) =>
  sluice.engine.previewSend({ workspaceId, flowId, selection, oncePerAddress });
const refusedOf = ({ channels }: SendPreview, channel: string) =>
  Object.fromEntries(channels.find((one) => one.channel === channel)?.refused.map(({ reason, contacts }) => [reason, contacts]) ?? []);

/** As the preview counts, with other limits. */
const countAll = (limits: Parameters<typeof countGroups>[3], more: Partial<PreviewQuery> = {}) =>
  db.owner.transaction().execute((tx) =>
    countGroups(
      tx,
      {
        workspaceId,
        flowId: workspaceFlow,
        selection: everybody,
        channels: ["sms"],
        kinds: new Map([["sms", new Set(["marketing"] as const)]]),
        rule: { reEntry: { rule: "any_time" }, onlyIf: undefined },
        oncePerAddress: true,
        sandbox: { on: false, addresses: [] },
        needsConsent: new Set(),
        ...more,
      },
      sluice.driver.clock,
      limits,
    ),
  );
const countGroupsOf = async (...of: Parameters<typeof countAll>) => (await countAll(...of)).groups;
const workspaceFlow = "0198f5a0-0000-7000-8000-0000000000f1";
const contactsOf = (groups: readonly PreviewGroup[]) => Object.fromEntries(groups.map(({ sms, contacts }) => [`${sms}`, contacts]));
const sorted = (groups: readonly PreviewGroup[]) => groups.map((group) => JSON.stringify(group)).sort();

describe("the count before a send", () => {
  test("is refused for a flow that is not there, or of another workspace, or that cannot be sent", async () => {
    await expect(preview("0198f5a0-0000-7000-8000-0000000000f1")).rejects.toMatchObject({ code: "flow_not_found" });
    const theirs = await buildFlow(db.owner, await buildWorkspace(db.owner), smsOnly());
    await expect(preview(theirs)).rejects.toMatchObject({ code: "flow_not_found" });
    await expect(preview(await flow({ nodes: [], edges: [] }))).rejects.toMatchObject({ code: "flow_has_no_steps" });
  });

  test("counts no contact of another workspace, whether named or matched", async () => {
    const stranger = await buildContact(db.owner, await buildWorkspace(db.owner), { dnc: true });
    const ours = await buildContact(db.owner, workspaceId);
    const flowId = await flow(smsOnly());
    expect(await preview(flowId)).toMatchObject({ total: 1, nothing: 0 });
    expect(await preview(flowId, byIds([stranger, ours]))).toEqual({
      total: 2,
      nothing: 1,
      sampled: null,
      notEnrolled: [{ reason: "contact_deleted", contacts: 1 }],
      channels: [{ channel: "sms", refused: [] }],
      approval: { lately: 0, approvers: 0 },
    });
  });

  test("tells each reason by channel, and who gets nothing at all", async () => {
    await buildContact(db.owner, workspaceId);
    await buildContact(db.owner, workspaceId, { dnc: true });
    await buildContact(db.owner, workspaceId, { phone_e164: null, email: null });
    await buildContact(db.owner, workspaceId, { phone_e164: null });
    await buildContact(db.owner, workspaceId, { sms_opted_out_at: new Date(), email: "not an address" });
    expect(await preview(await flow(both()))).toMatchObject({
      total: 5,
      nothing: 3,
      sampled: null,
      notEnrolled: [],
      channels: [
        {
          channel: "sms",
          refused: [
            { reason: "no_phone", contacts: 2, nothing: 1 },
            { reason: "dnc", contacts: 1, nothing: 1 },
            { reason: "opted_out_sms", contacts: 1, nothing: 1 },
          ],
        },
        {
          channel: "email",
          refused: [
            { reason: "bad_email", contacts: 1, nothing: 1 },
            { reason: "dnc", contacts: 1, nothing: 1 },
            { reason: "no_email", contacts: 1, nothing: 1 },
          ],
        },
      ],
    });
    expect(await preview(await flow(smsOnly()))).toMatchObject({ total: 5, nothing: 4 });
  });

  test("counts whom the sandbox holds back, as the forecast, the panel and the send do", async () => {
    const ids = [];
    for (const [phone_e164, email] of [
      ["+14155550101", "ada@example.test"],
      ["+14155550102", "bob@example.test"],
      ["+14155550103", "Eve@Example.test"],
    ])
      ids.push(await buildContact(db.owner, workspaceId, { phone_e164, email }));
    await buildContact(db.owner, workspaceId, { dnc: true });
    const rules = SendingRules.parse({
      quietHours: { on: false },
      sandbox: { on: true, addresses: ["+1 415 555 0101", "eve@example.test"] },
    });
    await saveSendingRules(db.owner, { workspaceId, rules });
    const flowId = await flow(both());
    const counted = await preview(flowId);
    expect(counted).toMatchObject({ total: 4, nothing: 2 });
    expect(refusedOf(counted, "sms")).toEqual({ sandbox: 2, dnc: 1 });
    expect(refusedOf(counted, "email")).toEqual({ sandbox: 2, dnc: 1 });
    expect(contactsOf(await countGroupsOf({ exactUpTo: 0, sampleSize: 100, largestShare: 1 }, { sandbox: rules.sandbox }))).toEqual({
      null: 1,
      sandbox: 2,
      dnc: 1,
    });
    const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
    await sluice.run();
    const { rows } = await sql<{ node_type: string; contacts: number }>`
      select node_type, count(*)::int as contacts from flow_execution_steps s join flow_executions e on e.id = s.flow_execution_id
      where e.send_id = ${sendId}::uuid and s.reason = 'sandbox' group by 1 order by 1`.execute(db.owner);
    expect(rows).toEqual([
      { node_type: "send_email", contacts: 2 },
      { node_type: "send_sms", contacts: 2 },
    ]);
    expect(
      (await Promise.all(ids.map((contactId) => sluice.engine.judgeReach({ workspaceId, contactId })))).map((reach) => reach?.sms),
    ).toEqual([null, "sandbox", "sandbox"]);
  });

  test("asks only for the channels of messages that the flow can come to", async () => {
    await buildContact(db.owner, workspaceId, { phone_e164: null });
    const unreachable = graph([node("start"), email(), node("end"), sms("Lost", {}, "lost")], "start > email", "email > end");
    const { channels, nothing } = await preview(await flow(unreachable));
    expect([channels.map(({ channel }) => channel), nothing]).toEqual([["email"], 0]);
    expect(await preview(await flow(chain(node("start"), wait(60), node("end"))))).toMatchObject({ channels: [], nothing: 0 });
  });

  test("leaves out whom the filter, the named ids and the exceptions leave out", async () => {
    const optedOut = await buildContact(db.owner, workspaceId, { sms_opted_out_at: new Date(), lead_status: "New" });
    await buildContact(db.owner, workspaceId, { lead_status: "Won" });
    const flowId = await flow(smsOnly());
    expect(await preview(flowId, { ...everybody, excluded: [optedOut] })).toMatchObject({ total: 1, nothing: 0 });
    expect(await preview(flowId, byIds([optedOut, optedOut.toUpperCase()]))).toMatchObject({ total: 1, nothing: 1 });
    const won: Selection = { type: "filter", filter: { tests: [{ field: "lead_status", operator: "is", value: "won" }] }, excluded: [] };
    expect(await preview(flowId, won)).toMatchObject({ total: 1, nothing: 0 });
  });

  test("counts one contact of those who share an address, unless each of them is to get it", async () => {
    for (let n = 0; n < 3; n += 1) await buildContact(db.owner, workspaceId, { phone_e164: "+15550123456" });
    const flowId = await flow(smsOnly());
    expect(refusedOf(await preview(flowId), "sms")).toEqual({ duplicate_address: 2 });
    expect(await preview(flowId, everybody, false)).toMatchObject({ nothing: 0, channels: [{ channel: "sms", refused: [] }] });
  });

  test("counts whom the flow does not take in again, and gives their address to the next", async () => {
    const phone_e164 = "+15550123456";
    const first = await buildContact(db.owner, workspaceId, { phone_e164 });
    await buildContact(db.owner, workspaceId, { phone_e164 });
    const flowId = await flow(chain(node("start", { reEntry: { rule: "when_finished" } }), wait(600), sms(), node("end")));
    await sluice.engine.createSend(sendTo(workspaceId, flowId, [first]));
    await sluice.run();
    expect(await preview(flowId)).toMatchObject({
      total: 2,
      nothing: 1,
      sampled: null,
      notEnrolled: [{ reason: "already_active_here", contacts: 1 }],
      channels: [{ channel: "sms", refused: [] }],
    });
  });

  test("counts whom has had as many messages as a contact may get in a day, and gives their address to the next", async () => {
    await sql`insert into private.workspace_limits as l (workspace_id, messages_per_contact_day) values (${workspaceId}, 1)
      on conflict (workspace_id) do update set messages_per_contact_day = 1`.execute(db.owner);
    const phone_e164 = "+15550123456";
    const first = await buildContact(db.owner, workspaceId, { phone_e164 });
    const flowId = await flow(smsOnly());
    await sluice.engine.createSend(sendTo(workspaceId, flowId, [first]));
    await sluice.run();
    await buildContact(db.owner, workspaceId, { phone_e164 });
    expect(refusedOf(await preview(flowId), "sms")).toEqual({ cap_reached: 1 });
    await sluice.wait(86_400);
    expect(refusedOf(await preview(flowId), "sms")).toEqual({ duplicate_address: 1 });
  });

  test("picks contacts at random where there are many, and tells how many it looked at", async () => {
    for (let n = 0; n < 40; n += 1) await buildContact(db.owner, workspaceId, n % 4 === 0 ? { dnc: true } : {});
    const few = await countAll({ exactUpTo: 10, sampleSize: 20, largestShare: 1 });
    expect(few.total).toBe(40);
    expect(few.sampled).toBeGreaterThan(0);
    expect(few.sampled).toBeLessThan(40);
    expect(few.groups.reduce((sum, { contacts }) => sum + contacts, 0)).toBeCloseTo(40);
    const all = await countAll({ exactUpTo: 10, sampleSize: 40, largestShare: 1 });
    expect([all.sampled, contactsOf(all.groups)]).toEqual([40, { null: 30, dnc: 10 }]);
  });

  test("gives up after its time with a sentence of its own, and lets a workspace ask for two at a time", async () => {
    const flowId = await flow(smsOnly());
    await buildContact(db.owner, workspaceId);
    await db.owner.transaction().execute(async (tx) => {
      for (const slot of [0, 1]) await sql`select pg_advisory_xact_lock(hashtextextended(${workspaceId}, ${6140 + slot}))`.execute(tx);
      await expect(preview(flowId)).rejects.toMatchObject({ code: "too_many_requests" });
    });
    await db.owner.transaction().execute(async (tx) => {
      await sql`lock table contacts in access exclusive mode`.execute(tx);
      await expect(preview(flowId)).rejects.toMatchObject({ code: "count_took_too_long" });
    });
  });
});

const phones = ["+15550100001", "+15550100002", null, "12"] as const;
const mails = ["ada@example.test", " ADA@example.test", "\tada@example.test", "bob@example.test\n", "bob@example.test", "x@", "", null];
const anyContact: fc.Arbitrary<ContactValues> = fc
  .record({
    phone: fc.constantFrom(...phones),
    mail: fc.constantFrom(...mails),
    dnc: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    noSms: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
    noMail: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
    unique: fc.boolean(),
  })
  .map(({ phone, mail, dnc, noSms, noMail, unique }) => ({
    dnc,
    sms_opted_out_at: noSms ? new Date() : null,
    email_opted_out_at: noMail ? new Date() : null,
    ...(unique ? {} : { email: mail, phone_e164: phone === "12" ? null : phone, phone_number: phone }),
  }));

describe("a send then does what was counted", () => {
  const graphs = { sms: smsOnly, "e-mail": () => chain(node("start"), email(), node("end")), both };

  test.each(Object.keys(graphs) as (keyof typeof graphs)[])("by %s, to hostile contacts, by ids and by filter", async (which) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyContact, { minLength: 1, maxLength: 30 }),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        async (people, named, once, suppressed) => {
          await changeWorkspace();
          const ids: string[] = [];
          for (const person of people) ids.push(await buildContact(db.owner, workspaceId, person));
          if (suppressed)
            await sql`insert into suppressions (workspace_id, channel, address, reason) values
              (${workspaceId}, 'email', 'ada@example.test', 'bounced_before'), (${workspaceId}, 'sms', '+15550100001', 'never again')`.execute(
              db.owner,
            );
          const flowId = await flow(graphs[which]());
          const selection = named ? byIds(ids) : everybody;
          const counted = await preview(flowId, selection, once);
          const channels = which === "both" ? (["sms", "email"] as const) : which === "sms" ? (["sms"] as const) : (["email"] as const);
          const asked = { selection, channels, oncePerAddress: once };
          // A sample of everybody says what the exact count says, but for addresses with blanks around them.
          if (people.every(({ email: typed }) => typed == null || typed.trim() === typed)) {
            const [exact, sample] = [
              await countAll(undefined, asked),
              await countAll({ exactUpTo: 0, sampleSize: 1_000_000, largestShare: 1 }, asked),
            ];
            expect(sorted(sample.groups)).toEqual(sorted(exact.groups));
          }
          const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [], { selection, oncePerAddress: once }));
          await sluice.run();
          const send = await db.owner.selectFrom("flow_sends").selectAll().where("id", "=", sendId).executeTakeFirstOrThrow();
          expect({ total: counted.total, nothing: counted.nothing }).toEqual({
            total: send.expected,
            nothing: send.not_enrolled + (send.unreached ?? 0),
          });
          const skipped = await db.owner
            .selectFrom("send_message_counts")
            .select(["channel", "reason", "count"])
            .where("send_id", "=", sendId)
            .where("outcome", "=", "skipped")
            .execute();
          const really = skipped.map(({ channel, reason, count }) => `${channel} ${reason} ${count}`).sort();
          expect(
            counted.channels.flatMap(({ channel, refused }) => refused.map((one) => `${channel} ${one.reason} ${one.contacts}`)).sort(),
          ).toEqual(really);
        },
      ),
      { numRuns: 25, seed: 16 },
    );
  });
});
