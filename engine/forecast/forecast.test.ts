import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { SendingRules } from "#contract/sending-rules.ts";
import { saveSendingRules } from "#db/queries/sending-rules.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { at, look, nodeOf, noon } from "#test/forecast.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import { NonRetriableError } from "../flow/node-executor.ts";

setUpEngine();

describe("a forecast is refused", () => {
  test("for a flow of another workspace, one that cannot be sent, nobody, and too many", async () => {
    const theirs = await buildFlow(db.owner, await buildWorkspace(db.owner), chain(node("start"), sms()));
    await expect(look(theirs)).rejects.toMatchObject({ code: "flow_not_found" });
    await expect(look({ nodes: [], edges: [] })).rejects.toMatchObject({ code: "flow_has_no_steps" });
    await expect(look(chain(node("start"), sms("")))).rejects.toMatchObject({ code: "flow_invalid" });
    await expect(look(chain(node("start"), sms()))).rejects.toMatchObject({ code: "nothing_selected" });
    await buildContacts(db.owner, workspaceId, 3);
    await expect(look(chain(node("start"), sms()), { most: 2 })).rejects.toMatchObject({ code: "forecast_too_large" });
  });

  test("where nothing of it could leave in time", async () => {
    await buildContacts(db.owner, workspaceId, 1);
    const flow = chain(node("start"), sms());
    const start = { at: "2040-01-02T15:00", zone: "workspace" as const };
    await expect(look(flow, { notLaterThan: "2040-01-02T12:00" })).rejects.toMatchObject({ code: "send_too_late" });
    await expect(look(flow, { start, notLaterThan: "2040-01-02T14:00" })).rejects.toMatchObject({ code: "send_too_late" });
    expect(await look(flow, { start, notLaterThan: "2040-01-02T16:00" })).toMatchObject({ firstAt: at("02T15:00") });
  });

  test("contacts of another workspace are not looked at, and ids of nobody do not start", async () => {
    const stranger = await buildContact(db.owner, await buildWorkspace(db.owner));
    const ours = await buildContact(db.owner, workspaceId);
    const result = await look(chain(node("start"), sms()), { selection: { type: "ids", ids: [stranger, ours] } });
    expect(result).toMatchObject({ total: 2, willStart: 1, willNotStart: [{ reason: "contact_deleted", contacts: 1 }] });
  });
});

test("it counts messages, parts, who gets nothing and why, and when the first and the last message leaves", async () => {
  await buildContact(db.owner, workspaceId, { firstname: "Ada" });
  await buildContact(db.owner, workspaceId, { phone_e164: null });
  await buildContact(db.owner, workspaceId, { dnc: true });
  const result = await look(chain(node("start"), sms("a".repeat(200)), wait(86_400), email(), node("end")));
  expect(result).toMatchObject({
    at: noon.toISOString(),
    total: 3,
    willStart: 3,
    willNotStart: [],
    nothing: 1,
    channels: [
      { channel: "sms", messages: 1, segments: 2, contacts: 1 },
      { channel: "email", messages: 2, segments: null, contacts: 2 },
    ],
    firstAt: at("02T12:00"),
    lastAt: at("03T12:00"),
    moments: {
      every: "hour",
      zone: "UTC",
      counts: [
        { at: at("02T12:00"), sms: 1, email: 0 },
        { at: at("03T12:00"), sms: 0, email: 2 },
      ],
    },
    ends: [{ nodeId: "end", status: "completed", reason: null, contacts: 3 }],
    assumed: [],
    unfinished: 0,
  });
  expect(nodeOf(result, "sms")?.refused).toEqual(
    expect.arrayContaining([
      { reason: "no_phone", contacts: 1 },
      { reason: "dnc", contacts: 1 },
    ]),
  );
});

test("who may not enter the flow again does not start", async () => {
  const [first] = await buildContacts(db.owner, workspaceId, 2);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start", { reEntry: { rule: "once" } }), sms()));
  const { engine, run } = sluice;
  await engine.createSend({
    workspaceId,
    flowId,
    selection: { type: "ids", ids: [first as string] },
    source: "manual",
    isTest: false,
    launchedBy: null,
    launchedByName: null,
  });
  await run();
  expect(await look(flowId)).toMatchObject({ willStart: 1, willNotStart: [{ reason: "was_here_recently", contacts: 1 }] });
});

test("whom the entry rule of the flow does not let in does not start, and whom its exit rule meets gets nothing", async () => {
  await buildContact(db.owner, workspaceId, { lead_status: "Cold" });
  await buildContact(db.owner, workspaceId, { lead_status: "New" });
  const when = (value: string) => ({ tests: [{ field: "lead_status", operator: "is", value }] });
  expect(await look(chain(node("start", { enterIf: when("New") }), sms()))).toMatchObject({
    willStart: 1,
    willNotStart: [{ reason: "entry_rule", contacts: 1 }],
  });
  expect(await look(chain(node("start", { leaveIf: when("Cold") }), sms()))).toMatchObject({
    ends: expect.arrayContaining([expect.objectContaining({ status: "cancelled", reason: "exit_rule", contacts: 1 })]),
    channels: [{ channel: "sms", messages: 1 }],
  });
});

test("it begins when the send is to begin: at a time, on each contact's clock, in batches, and after the seconds to undo", async () => {
  await buildContact(db.owner, workspaceId, { time_zone: "America/New_York" });
  await buildContact(db.owner, workspaceId, { time_zone: "Asia/Tokyo" });
  const flow = chain(node("start"), sms());
  const start = { at: "2040-01-04T09:00", zone: "workspace" as const };
  expect(await look(flow, { undoSeconds: 30 })).toMatchObject({ firstAt: "2040-01-02T12:00:30.000Z" });
  expect(await look(flow, { start })).toMatchObject({ firstAt: at("04T09:00"), lastAt: at("04T09:00") });
  expect(await look(flow, { start: { ...start, zone: "contact" } })).toMatchObject({ firstAt: at("04T00:00"), lastAt: at("04T14:00") });
  const drip = { count: 1, everySeconds: 3_600, days: [1, 2, 3, 4, 5, 6, 7] };
  expect(await look(flow, { drip })).toMatchObject({ firstAt: at("02T12:00"), lastAt: at("02T13:00") });
});

test("what a flow itself changes is seen by the steps behind, and no contact is changed", async () => {
  const contactId = await buildContact(db.owner, workspaceId, { firstname: "Ada", phone_e164: null });
  const [taken] = await buildContacts(db.owner, workspaceId, 1);
  await sql`insert into suppressions (workspace_id, channel, address, reason) values (${workspaceId}, 'sms', '+12125550142', 'stop')`.execute(
    db.owner,
  );
  const set = (value: string, id: string) => node("update_contact", { changes: [{ field: "phone_number", operation: "set", value }] }, id);
  const flow = chain(
    node("start"),
    set("+1 212 555 0143", "open"),
    sms("two", {}, "two"),
    set("+1 212 555 0142", "closed"),
    sms("one", {}, "one"),
    set("+1 212 555 0144", "moved"),
    sms("three", {}, "three"),
    node("consent", { sms: "opt_in", reason: "Answered YES to the form" }),
    sms("four", {}, "four"),
  );
  const result = await look(flow, { selection: { type: "ids", ids: [contactId] } });
  expect(nodeOf(result, "one")).toMatchObject({ messages: 0, refused: [{ reason: "opted_out_sms", contacts: 1 }] });
  expect(nodeOf(result, "two")).toMatchObject({ messages: 1 });
  expect(nodeOf(result, "three"), "what was asked for under a number moves along").toMatchObject({
    messages: 0,
    refused: [{ reason: "opted_out_sms", contacts: 1 }],
  });
  expect(nodeOf(result, "four"), "until there is a consent for the next one").toMatchObject({ messages: 1 });
  expect(await db.owner.selectFrom("contacts").select("phone_e164").where("id", "=", contactId).executeTakeFirst()).toEqual({
    phone_e164: null,
  });
  expect(taken).toBeDefined();
});

test("a webhook, another flow and an answer that does not come are assumed, and said to be", async () => {
  await buildContact(db.owner, workspaceId, { lead_status: "New" });
  const other = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("other")));
  const flow = graph(
    [
      node("start"),
      node("webhook", { url: "https://calls.example.test/hook" }),
      node("start_flow", { flowId: other, wait: true, waitDays: 3 }),
      node("wait_until", { tests: [{ field: "lead_status", operator: "is", value: "Customer" }], limitSeconds: 3_600 }),
      sms("too late"),
    ],
    "start > webhook",
    "webhook:success > start_flow",
    "start_flow:finished > wait_until",
    "wait_until:time_over > sms",
  );
  const result = await look(flow);
  expect(result).toMatchObject({ firstAt: at("02T13:00"), channels: [{ channel: "sms", messages: 1 }] });
  expect(result.assumed.map(({ assumption, nodeId }) => [assumption, nodeId]).sort()).toEqual([
    ["nobody_acts", "wait_until"],
    ["other_flow_starts", "start_flow"],
    ["webhook_succeeds", "webhook"],
  ]);
});

test("of contacts that share a number the one whose message is planned first gets it, unless the send allows several", async () => {
  const shared = { phone_e164: "+15559998888" };
  const late = await buildContact(db.owner, workspaceId, { ...shared, lead_status: "New" });
  const soon = await buildContact(db.owner, workspaceId, { ...shared, lead_status: "Customer" });
  expect(late < soon).toBe(true);
  const isNew = node("condition", { branches: [{ id: "new", tests: [{ field: "lead_status", operator: "is", value: "New" }] }] });
  const flow = graph(
    [node("start"), isNew, wait(3_600), sms()],
    "start > condition",
    "condition:new > delay",
    "condition:otherwise > sms",
    "delay > sms",
  );
  const result = await look(flow);
  expect(result).toMatchObject({ firstAt: at("02T12:00"), lastAt: at("02T12:00"), channels: [{ messages: 1 }] });
  expect(nodeOf(result, "sms")?.refused).toEqual([{ reason: "duplicate_address", contacts: 1 }]);
  expect(await look(flow, { oncePerAddress: false })).toMatchObject({ channels: [{ messages: 2 }], lastAt: at("02T13:00") });
});

test("a contact gets no more messages within a day than it may, counted with those that it has had", async () => {
  const [contactId] = await buildContacts(db.owner, workspaceId, 1);
  await sql`insert into private.workspace_limits (workspace_id, lanes, messages_per_contact_day) values (${workspaceId}, 4, 3)`.execute(
    db.owner,
  );
  await sql`insert into messages (workspace_id, contact_id, visit, channel, provider, to_address, status, created_at)
    values (${workspaceId}, ${contactId}::uuid, 1, 'sms', 'fake', '+15551112222', 'sent', ${noon}::timestamptz - interval '23 hours')`.execute(
    db.owner,
  );
  const texts = ["a", "b", "c", "d"].map((id) => sms("Hello", { onError: "continue" }, id));
  const result = await look(chain(node("start"), ...texts.slice(0, 3), wait(2 * 3_600), ...texts.slice(3)));
  expect(result.channels).toMatchObject([{ messages: 3 }]);
  expect(nodeOf(result, "c")?.refused).toEqual([{ reason: "cap_reached", contacts: 1 }]);
  expect(nodeOf(result, "d")).toMatchObject({ messages: 1 });
});

describe("the rules of the workspace are asked as the gate asks them", () => {
  const rule = (rules: z.input<typeof SendingRules>) =>
    saveSendingRules(db.owner, { workspaceId, rules: SendingRules.parse({ quietHours: { on: false }, ...rules }) });
  const marketing = { kind: "marketing", onError: "continue" };

  test("a marketing SMS waits for the hours of the place, an e-mail and a receipt do not, and in test mode nothing waits", async () => {
    await rule({ quietHours: { on: true, from: "14:00", to: "18:00" } });
    await buildContact(db.owner, workspaceId, { time_zone: "UTC" });
    const flow = chain(node("start"), sms("Offer", marketing));
    const { firstAt, moments } = await look(flow);
    expect(firstAt && firstAt >= at("02T14:00") && firstAt <= at("02T14:10")).toBe(true);
    expect(moments.counts).toHaveLength(1);
    expect(await look(chain(node("start"), sms("Receipt", { kind: "transactional" })))).toMatchObject({ firstAt: at("02T12:00") });
    expect(await look(chain(node("start"), email()))).toMatchObject({ firstAt: at("02T12:00") });
    expect(await look(flow, { providers: { sms: { name: "capture" } } })).toMatchObject({
      firstAt: at("02T12:00"),
      channels: [{ kept: true }],
    });
  });

  test("who has no hour is told as one who gets nothing, and not as one who was not followed", async () => {
    await rule({ quietHours: { on: true, from: "20:30", to: "21:00" } });
    await buildContact(db.owner, workspaceId, { phone_e164: "+13055550123" });
    const result = await look(chain(node("start"), sms("Offer", marketing)));
    expect(result).toMatchObject({ nothing: 1, unfinished: 0, firstAt: null });
    expect(nodeOf(result, "sms")?.refused).toEqual([{ reason: "no_sending_hours", contacts: 1 }]);
  });

  test("a marketing SMS needs a recorded consent where the workspace says so, and one that the flow records counts", async () => {
    await rule({ smsConsent: "needed" });
    const asked = await buildContact(db.owner, workspaceId);
    await buildContact(db.owner, workspaceId);
    await buildContact(db.owner, workspaceId, { sms_opted_out_at: noon });
    await sql`insert into contact_consents (workspace_id, contact_id, channel, state, given_at)
      values (${workspaceId}, ${asked}::uuid, 'sms', 'opted_in', now())`.execute(db.owner);
    const consent = node("consent", { sms: "opt_in", reason: "On the form" });
    const result = await look(chain(node("start"), sms("Offer", marketing), consent, sms("More", marketing, "more")));
    expect(nodeOf(result, "sms")).toMatchObject({ messages: 1 });
    expect(nodeOf(result, "sms")?.refused).toEqual(
      expect.arrayContaining([
        { reason: "no_consent", contacts: 1 },
        { reason: "opted_out_sms", contacts: 1 },
      ]),
    );
    expect(nodeOf(result, "more")).toMatchObject({ messages: 3, refused: [] });
  });

  test("a consent counts for the number for which it was given, as long as the flow itself does not change it", async () => {
    await rule({ smsConsent: "needed" });
    const [kept, moved] = [await buildContact(db.owner, workspaceId), await buildContact(db.owner, workspaceId)];
    for (const id of [kept, moved])
      await sql`insert into contact_consents (workspace_id, contact_id, channel, state, given_at)
        values (${workspaceId}, ${id}::uuid, 'sms', 'opted_in', now())`.execute(db.owner);
    await db.owner.updateTable("contacts").set({ phone_e164: "+14155550199" }).where("id", "=", moved).execute();
    const renumber = node("update_contact", { changes: [{ field: "phone_number", operation: "set", value: "+14155550198" }] });
    const result = await look(chain(node("start"), sms("Offer", marketing), renumber, sms("More", marketing, "more")));
    expect(nodeOf(result, "sms")).toMatchObject({ messages: 1, refused: [{ reason: "no_consent", contacts: 1 }] });
    expect(nodeOf(result, "more")).toMatchObject({ messages: 0, refused: [{ reason: "no_consent", contacts: 2 }] });
  });

  test("limits for marketing count what was sent before and what the flow itself sends, by day and by week", async () => {
    await rule({ marketingPerDay: 2, marketingPerWeek: 3 });
    const [contactId] = await buildContacts(db.owner, workspaceId, 1);
    await sql`insert into messages (workspace_id, contact_id, visit, channel, kind, provider, to_address, status, created_at)
      values (${workspaceId}, ${contactId}::uuid, 1, 'sms', 'marketing', 'fake', '+15551112222', 'sent', ${noon}::timestamptz - interval '6 days'),
        (${workspaceId}, ${contactId}::uuid, 2, 'sms', 'transactional', 'fake', '+15551112222', 'sent', ${noon}::timestamptz)`.execute(
      db.owner,
    );
    const texts = ["a", "b", "c"].map((id) => sms("Offer", marketing, id));
    const later = (days: number, id: string) => [wait(days * 86_400, `wait_${id}`), sms("Offer", marketing, id)];
    const receipt = sms("Receipt", { kind: "transactional" }, "receipt");
    const result = await look(chain(node("start"), ...texts, receipt, ...later(0.5, "d"), ...later(1.5, "e")));
    expect(["a", "b", "c", "receipt", "d", "e"].map((id) => nodeOf(result, id)?.messages)).toEqual([1, 1, 0, 1, 0, 1]);
  });
});

test("a channel without a provider sends nothing, and why is told after what protects the contact", async () => {
  await buildContact(db.owner, workspaceId);
  await buildContact(db.owner, workspaceId, { dnc: true });
  const result = await look(chain(node("start"), sms()), {
    providers: { sms: new NonRetriableError("None is set up", "no_provider") },
  });
  expect(nodeOf(result, "sms")?.refused).toEqual(
    expect.arrayContaining([
      { reason: "no_provider", contacts: 1 },
      { reason: "dnc", contacts: 1 },
    ]),
  );
});

test("what could not leave in time is told as too late, by the end of the send and by that of a step", async () => {
  await saveSendingRules(db.owner, { workspaceId, rules: SendingRules.parse({ quietHours: { on: true, from: "14:00", to: "18:00" } }) });
  await buildContact(db.owner, workspaceId, { time_zone: "UTC" });
  const hurried = { kind: "marketing", onError: "continue", notLaterThanSeconds: 3_600 };
  const receipt = { kind: "transactional", onError: "continue", notLaterThanSeconds: 60 };
  const flow = chain(node("start"), sms("Offer", hurried), wait(3_600), sms("Receipt", receipt, "receipt"), wait(86_400, "day"), email());
  const result = await look(flow, { notLaterThan: "2040-01-03T12:00" });
  expect(nodeOf(result, "sms")?.refused).toEqual([{ reason: "too_late", contacts: 1 }]);
  expect(nodeOf(result, "receipt")).toMatchObject({ messages: 1, refused: [] });
  expect(nodeOf(result, "email")?.refused).toEqual([{ reason: "too_late", contacts: 1 }]);
});

test("a flow that goes round is followed as often as the engine would, and neither sends nor calls", async () => {
  await buildContact(db.owner, workspaceId);
  const flow = graph(
    [node("start"), sms("round", { onError: "continue" }), wait(60), node("go_to", { target: "sms", times: 5, pauseSeconds: 60 })],
    "start > sms",
    "sms > delay",
    "delay > go_to",
  );
  expect(await look(flow)).toMatchObject({ channels: [{ messages: 6 }], lastAt: at("02T12:10") });
  expect(sluice.providers.sms.calls).toEqual([]);
  expect(await db.owner.selectFrom("messages").select("id").where("workspace_id", "=", workspaceId).execute()).toEqual([]);
});

describe("the walking of a forecast", () => {
  const round = graph(
    [node("start"), email("Round", { text: "x".repeat(20_000) }), wait(86_400)],
    ...["start > email", "email > delay", "delay > email"],
  );

  test("lets others have their turn, also within the way of one contact, and is refused when it takes too long", async () => {
    await buildContacts(db.owner, workspaceId, 30);
    let [elapsed, turns, isOver] = [0, 0, false];
    const others = () => {
      turns += 1;
      if (!isOver) setImmediate(others);
    };
    setImmediate(others);
    // Each look at the time is a part of a round of one contact, which takes five milliseconds here.
    const asked = look(round, {
      elapsed: () => {
        elapsed += 5;
        return elapsed;
      },
    });
    await expect(asked).rejects.toMatchObject({ code: "forecast_too_large", message: expect.stringContaining("10 seconds") });
    isOver = true;
    expect(turns).toBeGreaterThan(100);
    expect(elapsed).toBeLessThan(20_000);
  });

  test("does not count the time in which the database answers, and ends when its caller goes away", async () => {
    await buildContact(db.owner, workspaceId);
    const [caller, elapsed] = [new AbortController(), { now: 0 }];
    caller.abort(new Error("gone"));
    await expect(look(chain(node("start"), sms()), { signal: caller.signal })).rejects.toThrow("gone");
    expect(await look(round, { elapsed: () => elapsed.now, mostMs: 1 })).toMatchObject({ willStart: 1, channels: [{ messages: 100 }] });
  });
});
