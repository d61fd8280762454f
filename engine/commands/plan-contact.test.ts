import { expect, test, vi } from "vitest";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";

setUpEngine();

const day = 86_400;
const plan = (contactId: string) => sluice.engine.planContact({ workspaceId, contactId });
async function send(contactId: string, flow: ReturnType<typeof chain>) {
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await sluice.run();
}

test("a plan says where a contact waits, and what follows and when, as it then comes to pass", async () => {
  const contactId = await buildContact(db.owner, workspaceId);
  await send(
    contactId,
    chain(node("start"), sms("One"), wait(day), sms("Two", {}, "two"), wait(day, "again"), email("Three"), node("end")),
  );
  const { items, hasMore } = await plan(contactId);
  expect([items.length, hasMore]).toEqual([1, false]);
  const [item] = items;
  expect(item).toMatchObject({
    nodeId: "delay",
    waitingFor: "time",
    isTest: false,
    isPaused: false,
    wait: { visit: 3, attempt: 1, mayMove: true },
  });
  expect(item?.steps.map(({ nodeId, channel }) => [nodeId, channel])).toEqual([
    ["two", "sms"],
    ["again", null],
    ["email", "email"],
    ["end", null],
  ]);
  expect(item?.steps[0]?.at).toBe(item?.until);
  expect(item?.end).toMatchObject({ status: "completed" });
  await sluice.wait(day + 1);
  await sluice.wait(day + 1);
  const { rows } = { rows: await db.owner.selectFrom("flow_execution_steps").selectAll().orderBy("visit").execute() };
  const taken = rows.filter(({ flow_execution_id, visit }) => flow_execution_id === item?.executionId && visit > 3);
  expect(taken.map(({ node_id }) => node_id)).toEqual(["two", "again", "email", "end"]);
  // The engine's clock of this test runs on between plan and pass.
  const late = Math.abs(Date.parse(item?.steps[2]?.at ?? "") - (taken[2]?.started_at.getTime() ?? 0));
  expect(late).toBeLessThan(60_000);
  expect((await plan(contactId)).items).toEqual([]);
});

test("what depends on somebody is said to, and who would get nothing is told why", async () => {
  const contactId = await buildContact(db.owner, workspaceId, { email: null });
  const ask = node("wait_for_reply", { limitSeconds: day, cases: [{ id: "yes", is: "yes" }] }, "ask");
  const flow = graph(
    [node("start"), sms("Coming?"), ask, email("Yes", {}, "yes"), email("No", {}, "no")],
    ...["start > sms", "sms > ask", "ask:yes > yes", "ask:no_reply > no"],
  );
  await send(contactId, flow);
  const [item] = (await plan(contactId)).items;
  expect(item).toMatchObject({ waitingFor: "reply", nodeId: "ask", wait: { mayMove: true } });
  expect(item?.steps).toMatchObject([{ nodeId: "no", status: "skipped", reason: "no_email" }]);
});

test("a long way is told as far as ten steps, and looking writes nothing", async () => {
  const contactId = await buildContact(db.owner, workspaceId);
  const many = Array.from({ length: 12 }, (_, index) => sms(`Nr ${index}`, {}, `sms${index}`));
  await send(contactId, chain(node("start"), wait(day), ...many));
  const before = await db.owner.selectFrom("flow_executions").selectAll().execute();
  const [item] = (await plan(contactId)).items;
  expect([item?.steps.length, item?.hasMore, item?.end]).toEqual([10, true, null]);
  expect(await db.owner.selectFrom("flow_executions").selectAll().execute()).toEqual(before);
  expect(sluice.providers.sms.calls).toEqual([]);
});

test("a flow that goes round for years is walked no further than what is told of it", async () => {
  const contactId = await buildContact(db.owner, workspaceId);
  const flow = graph([node("start"), wait(day), sms("Again")], ...["start > delay", "delay > sms", "sms > delay"]);
  await send(contactId, flow);
  let asked = 0;
  const clock = vi.spyOn(performance, "now");
  try {
    const [item] = (await plan(contactId)).items;
    expect([item?.steps.length, item?.hasMore, item?.end]).toEqual([10, true, null]);
    asked = clock.mock.calls.length;
  } finally {
    clock.mockRestore();
  }
  // It is asked for the time between steps, and a thousand rounds would ask a thousand times.
  expect(asked).toBeLessThan(200);
});

test("flows that take too long to walk are told as far as they were, all of them within one limit", async () => {
  const contactId = await buildContact(db.owner, workspaceId);
  for (let flows = 0; flows < 3; flows += 1) await send(contactId, chain(node("start"), wait(day), sms("One"), node("end")));
  // Ten seconds pass between any two looks at the clock.
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += 10_000));
  try {
    const { items } = await plan(contactId);
    expect(items.map(({ nodeId, hasMore, end }) => [nodeId, hasMore, end])).toEqual(Array(3).fill(["delay", true, null]));
  } finally {
    clock.mockRestore();
  }
});

test("a contact of another workspace has no plan here", async () => {
  const contactId = await buildContact(db.owner, workspaceId);
  await send(contactId, chain(node("start"), wait(day), sms("One")));
  expect((await sluice.engine.planContact({ workspaceId: "another", contactId })).items).toEqual([]);
});

test("who stands behind the few of a send waits until these are checked, and nothing is said of when", async () => {
  const contacts = await buildContacts(db.owner, workspaceId, 4);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), sms("One"), wait(day), email("Two"), node("end")));
  const canary = { contacts: 1, percent: null, minutes: 15, failurePercent: 2, optOutPercent: 0.5 };
  const start = { at: "2099-01-01T09:00", zone: "workspace" as const };
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, contacts, { canary }));
  const later = await sluice.engine.createSend(sendTo(workspaceId, flowId, contacts, { canary, start }));
  await sluice.run();
  await sluice.engine.tendCanaries();
  const plans = (await Promise.all(contacts.map(plan))).flatMap(({ items }) => items);
  const behind = plans.filter(({ waitingFor }) => waitingFor === "hold");
  expect(behind).toHaveLength(6);
  for (const item of behind) expect(item).toMatchObject({ until: null, wait: null, steps: [], hasMore: true, end: null });
  await sluice.engine.openCanary({ workspaceId, sendId, actor: { id: null, name: "Ada" } });
  await sluice.run();
  expect(
    (await Promise.all(contacts.map(plan))).flatMap(({ items }) => items).filter(({ waitingFor }) => waitingFor === "hold"),
  ).toHaveLength(3);
  for (const id of [sendId, later.sendId]) await sluice.engine.stopSend({ workspaceId, sendId: id, actor: { id: null, name: "Ada" } });
  await sluice.wait(600);
  expect((await Promise.all(contacts.map(plan))).flatMap(({ items }) => items)).toEqual([]);
});
