import { sql } from "kysely";
import { expect, test, vi } from "vitest";
import { SendingRules } from "#contract/sending-rules.ts";
import { saveSendingRules } from "#db/queries/sending-rules.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow, buildWorkspace } from "#test/factories.ts";
import { chain, email, node, sms, wait } from "#test/graphs.ts";

setUpEngine();

const day = 86_400;
const marketing = { kind: "marketing" };
const find = (ids: readonly string[]) => sluice.engine.findCollisions({ workspaceId, selection: { type: "ids", ids: [...ids] } });
async function send(name: string, flow: ReturnType<typeof chain>, contacts: readonly string[], more: object = {}) {
  const flowId = await buildFlow(db.owner, workspaceId, flow, name);
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [...contacts], more));
  await sluice.run();
  return { flowId, sendId };
}
const rule = (rules: object) =>
  saveSendingRules(db.owner, { workspaceId, rules: SendingRules.parse({ quietHours: { on: false }, ...rules }) });

test("more than a thousand contacts, nobody, and contacts of another workspace are refused", async () => {
  const other = await buildWorkspace(db.owner);
  const theirs = await buildContact(db.owner, other);
  await expect(find([theirs])).rejects.toMatchObject({ code: "nothing_selected" });
  const all = { type: "filter" as const, filter: { tests: [] }, excluded: [] };
  await expect(sluice.engine.findCollisions({ workspaceId, selection: all })).rejects.toMatchObject({ code: "nothing_selected" });
  await buildContacts(db.owner, workspaceId, 1_001);
  await expect(sluice.engine.findCollisions({ workspaceId, selection: all })).rejects.toMatchObject({ code: "forecast_too_large" });
});

test("it tells the messages of the next days by flow, of what waits and of what is scheduled, as they then leave", async () => {
  await rule({});
  const [both, one, none] = (await buildContacts(db.owner, workspaceId, 3)) as [string, string, string];
  await send("Welcome", chain(node("start"), wait(day), sms("One"), wait(day, "again"), email("Two")), [both, one]);
  const { rows } = await sql<{ at: string }>`select to_char(now() at time zone w.time_zone + interval '3 days', 'YYYY-MM-DD"T"12:00') as at
    from workspaces w where id = ${workspaceId}`.execute(db.owner);
  await send("Later", chain(node("start"), sms("Three"), wait(30 * day), sms("Four", {}, "four")), [both], {
    start: { at: rows[0]?.at, zone: "workspace" },
  });
  const found = await find([both, one, none]);
  expect(found).toMatchObject({ contacts: 3, planned: 2, unfollowed: 0, cap: { perDay: null, perWeek: null } });
  const byFlow = found.days.flatMap(({ flows }, index) => flows.map(({ flowName, messages }) => [index, flowName, messages]));
  expect(byFlow).toEqual([
    [1, "Welcome", 2],
    [2, "Welcome", 2],
    [3, "Later", 1],
  ]);
  expect(found.days.map(({ contacts }) => contacts)).toEqual([0, 2, 2, 1, 0, 0, 0]);
  expect(Object.fromEntries(found.who.map(({ contactId, messages, isFull }) => [contactId, [messages, isFull]]))).toEqual({
    [both]: [3, false],
    [one]: [2, false],
  });
  const plan = await sluice.engine.planContact({ workspaceId, contactId: both });
  const planned = plan.items.flatMap(({ steps }) => steps.filter(({ channel }) => channel !== null)).map(({ at }) => at);
  expect(Math.abs(Date.parse(found.lastAt ?? "") - Date.parse(planned.toSorted()[2] ?? ""))).toBeLessThan(60_000);
});

test("tests, paused sends and contacts in the bin do not count, and neither does what cannot leave", async () => {
  await rule({});
  const contactId = await buildContact(db.owner, workspaceId, { email: null });
  const flow = () => chain(node("start"), wait(day), sms("One"));
  await send("Test", flow(), [contactId], { isTest: true });
  const { sendId } = await send("Paused", flow(), [contactId]);
  await sluice.engine.pauseSend({ workspaceId, sendId, actor: { id: null, name: "Ada" } });
  await send("Refused", chain(node("start"), wait(day), email("Two")), [contactId]);
  expect(await find([contactId])).toMatchObject({ planned: 0, who: [], lastAt: null, unfollowed: 0 });
});

test("who has had as many marketing messages as they may, now or by then, is marked", async () => {
  await rule({ marketingPerWeek: 2 });
  const [soon, now, free] = (await buildContacts(db.owner, workspaceId, 3)) as [string, string, string];
  const receipt = (id: string) => sms("Receipt", { kind: "transactional" }, id);
  const offer = (id: string) => sms("Offer", marketing, id);
  await send("Offers", chain(node("start"), offer("a"), wait(day), offer("b")), [soon]);
  await send("Both", chain(node("start"), offer("a"), offer("b")), [now]);
  await send("Receipt", chain(node("start"), receipt("a"), wait(day), receipt("b")), [free]);
  const found = await find([soon, now, free]);
  expect(found.cap).toEqual({ perDay: null, perWeek: 2 });
  expect(Object.fromEntries(found.who.map(({ contactId, messages, isFull }) => [contactId, [messages, isFull]]))).toEqual({
    [soon]: [1, true],
    [now]: [0, true],
    [free]: [1, false],
  });
});

test("it writes nothing, and says what took too long to follow", async () => {
  await rule({});
  const contacts = await buildContacts(db.owner, workspaceId, 3);
  await send("Long", chain(node("start"), wait(day), sms("One"), node("end")), contacts);
  const before = await db.owner.selectFrom("flow_executions").selectAll().orderBy("id").execute();
  // Ten seconds pass between any two looks at the clock.
  let time = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => (time += 10_000));
  try {
    expect(await find(contacts)).toMatchObject({ unfollowed: 3 });
  } finally {
    clock.mockRestore();
  }
  expect(await find(contacts)).toMatchObject({ planned: 3, unfollowed: 0 });
  expect(await db.owner.selectFrom("flow_executions").selectAll().orderBy("id").execute()).toEqual(before);
  expect(sluice.providers.sms.calls).toEqual([]);
});

test("a thousand contacts in two flows each are told in pages", async () => {
  await rule({});
  const contacts = await buildContacts(db.owner, workspaceId, 1_000);
  const everybody = { selection: { type: "filter", filter: { tests: [] }, excluded: [] } };
  for (const name of ["One", "Two"])
    await send(name, chain(node("start"), wait(day), sms("Hi"), wait(2 * day, "b"), sms("Ho", {}, "ho")), [], everybody);
  // No time passes by the clock that bounds the walking, so that a busy machine does not matter.
  const clock = vi.spyOn(performance, "now").mockImplementation(() => 1);
  const found = await find(contacts).finally(() => clock.mockRestore());
  expect(found).toMatchObject({ contacts: 1_000, planned: 1_000, unfollowed: 0 });
  expect(found.days.map(({ messages }) => messages)).toEqual([0, 2_000, 0, 2_000, 0, 0, 0]);
});

test("what waits behind the few of a send counts from when these are watched at the earliest, and not at all while it is held", async () => {
  await rule({});
  const contacts = await buildContacts(db.owner, workspaceId, 4);
  const canary = { contacts: 1, percent: null, minutes: 1_440, failurePercent: 2, optOutPercent: 0.5 };
  const { sendId } = await send("Few", chain(node("start"), sms("One"), node("end")), contacts, { canary });
  await sluice.engine.tendCanaries();
  const watched = await find(contacts);
  expect(watched.days.map(({ messages }) => messages)).toEqual([0, 3, 0, 0, 0, 0, 0]);
  await db.owner.updateTable("send_canaries").set({ held_at: new Date() }).where("send_id", "=", sendId).execute();
  expect(await find(contacts)).toMatchObject({ planned: 0, who: [], lastAt: null, unfollowed: 0 });
  await sluice.engine.openCanary({ workspaceId, sendId, actor: { id: null, name: "Ada" } });
  expect(await find(contacts)).toMatchObject({ planned: 3 });
  await sluice.run();
});
