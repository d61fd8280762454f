import { describe, expect, test } from "vitest";
import type { TestEngine } from "#test/engine.ts";
import { eraseAtOnce, sendTo, startTestEngine } from "#test/engine.ts";
import { changeWorkspace, db, setUpWorkspace, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { graph, node, sms } from "#test/graphs.ts";
import { expectTotalsToAddUp } from "#test/totals.ts";
import type { HttpAnswer, HttpRequest } from "../flow/node-executor.ts";
import type { WebhookClient } from "./webhook-calls.ts";

setUpWorkspace();

const ok = (fields: Record<string, unknown> = {}): HttpAnswer => ({
  outcome: "answered",
  status: 200,
  excerpt: "",
  fields,
  retryAfterMs: undefined,
  durationMs: 5,
});
const busy: HttpAnswer = { outcome: "answered", status: 503, excerpt: "busy", fields: {}, retryAfterMs: undefined, durationMs: 5 };

interface Outside {
  callWebhook: WebhookClient;
  calls: { key: string; request: HttpRequest }[];
  /** How many are being made at the moment. */
  open: number;
  most: number;
  answer: (index: number) => Promise<HttpAnswer> | HttpAnswer;
}

function outside(answer: Outside["answer"] = () => ok()): Outside {
  const world: Outside = {
    calls: [],
    open: 0,
    most: 0,
    answer,
    async callWebhook(_, request, { idempotencyKey }) {
      world.calls.push({ key: idempotencyKey, request });
      world.open += 1;
      world.most = Math.max(world.most, world.open);
      try {
        return await world.answer(world.calls.length - 1);
      } finally {
        world.open -= 1;
      }
    },
  };
  return world;
}

const webhook = (config: Record<string, unknown> = {}) => {
  const hook = node("webhook", { url: "https://api.example.com/", fields: [{ name: "number", path: "order.number" }], ...config });
  return { ...hook, data: { ...hook.data, key: "order" } };
};
const after = sms('Order {{ steps.order.number | default: "none" }}');
const graphOf = (hook = webhook(), ...more: string[]) =>
  graph([node("start"), hook, after], "start > webhook", "webhook:success > sms", ...more);

/** Runs what is due, until nothing is left to run and no call is left to make. */
async function run(engine: TestEngine, seconds = 0): Promise<void> {
  await engine.wait(seconds);
  for (;;) {
    await engine.callsMade();
    if ((await engine.run()) === 0) return;
  }
}

const executions = () =>
  db.owner.selectFrom("flow_executions").selectAll().where("workspace_id", "=", workspaceId).orderBy("seq").execute();
const stepsOfHook = () =>
  db.owner
    .selectFrom("flow_execution_steps")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .where("node_type", "=", "webhook")
    .orderBy("attempt")
    .execute();

async function begin(world: Outside, options: { graph?: ReturnType<typeof graph>; contacts?: number; isTest?: boolean } = {}) {
  const engine = await startTestEngine(db.owner, { callWebhook: world.callWebhook });
  const flow = await buildFlow(db.owner, workspaceId, options.graph ?? graphOf());
  const ids = options.contacts ? await buildContacts(db.owner, workspaceId, options.contacts) : [await buildContact(db.owner, workspaceId)];
  const { sendId } = await engine.engine.createSend(sendTo(workspaceId, flow, ids, { isTest: options.isTest ?? false }));
  return { engine, sendId };
}

const actor = { id: null, name: "Somebody" };

test("an address is called once, and what it said is there for later steps", async () => {
  const world = outside(() => ok({ number: 4711 }));
  const { engine } = await begin(world);
  await run(engine);
  const [execution] = await executions();
  expect(execution).toMatchObject({ status: "completed", waiting_for: null, wake_at: null });
  expect(world.calls.map(({ key }) => key)).toEqual([`${execution?.id}:2`]);
  expect(engine.providers.sms.calls.map(({ text }) => text)).toEqual(["Order 4711"]);
  expect(await stepsOfHook()).toMatchObject([
    { status: "completed", exit: "success", attempt: 1, result: { number: 4711, status: 200, attempts: 1, duration_ms: 5 } },
  ]);
  await expectTotalsToAddUp(db.owner);
});

test("what is tried again waits as a row, keeps its key and its request, and counts its tries", async () => {
  const world = outside((index) => (index < 2 ? busy : ok()));
  const { engine } = await begin(world, { graph: graphOf(webhook({ body: { type: "json", json: '{ "name": "{{ firstname }}" }' } })) });
  await run(engine);
  expect(await executions()).toMatchObject([{ status: "running", waiting_for: "call" }]);
  expect(world.calls).toHaveLength(1);
  await db.owner.updateTable("contacts").set({ firstname: "Changed" }).where("workspace_id", "=", workspaceId).execute();
  await run(engine, 9);
  expect(world.calls).toHaveLength(1);
  await run(engine, 2);
  await run(engine, 31);
  expect(world.calls).toHaveLength(3);
  expect(new Set(world.calls.map(({ key }) => key)).size).toBe(1);
  expect(new Set(world.calls.map(({ request }) => request.body))).toEqual(new Set(['{ "name": "Ada" }']));
  expect(await stepsOfHook()).toMatchObject([
    { attempt: 1, status: "failed", reason: "call_failed", result: { status: 503, answer: "busy" } },
    { attempt: 2, status: "failed", reason: "call_failed" },
    { attempt: 3, status: "completed", result: { status: 200, attempts: 3 } },
  ]);
  expect(await executions()).toMatchObject([{ status: "completed" }]);
  await expectTotalsToAddUp(db.owner);
});

test("an error leaves by its exit; where that leads nowhere, the execution has failed", async () => {
  const refused: HttpAnswer = { outcome: "refused", message: "It is in a private network.", durationMs: 0 };
  const { engine } = await begin(outside(() => refused));
  await run(engine);
  expect(await executions()).toMatchObject([
    { status: "failed", ended_reason: "call_refused", error_message: "It is in a private network." },
  ]);
  expect(engine.providers.sms.calls).toHaveLength(0);
  await changeWorkspace();
  const second = await begin(
    outside(() => refused),
    { graph: graphOf(webhook(), "webhook:error > sms") },
  );
  await run(second.engine);
  expect(await executions()).toMatchObject([{ status: "partial_failure", ended_reason: "call_refused" }]);
  expect(second.engine.providers.sms.calls).toHaveLength(1);
  await expectTotalsToAddUp(db.owner);
});

test("a test calls nobody, and says that it did not", async () => {
  const world = outside();
  const { engine } = await begin(world, { isTest: true });
  await run(engine);
  expect(world.calls).toEqual([]);
  expect(await stepsOfHook()).toMatchObject([{ status: "completed", exit: "success", result: { rehearsed: true } }]);
});

test("a call whose worker died is made again with the same key, and is one step", async () => {
  const lost = outside(() => new Promise(() => {}));
  const first = await begin(lost);
  await first.engine.run();
  await expect.poll(() => lost.calls.length).toBe(1);
  const world = outside();
  const second = await startTestEngine(db.owner, { callWebhook: world.callWebhook });
  await run(second).catch(() => {});
  expect(world.calls, "while the first may live").toHaveLength(0);
  await run(second, 16);
  expect(world.calls.map(({ key }) => key)).toEqual(lost.calls.map(({ key }) => key));
  expect(world.calls.map(({ request }) => request)).toEqual(lost.calls.map(({ request }) => request));
  expect(await stepsOfHook()).toMatchObject([{ attempt: 1, status: "completed" }]);
  expect(await executions()).toMatchObject([{ status: "completed" }]);
  await expectTotalsToAddUp(db.owner);
});

describe("who slept until now finds", () => {
  test("a pause kept: no call begins, and the answer of the one under way is not lost", async () => {
    let answer: (value: HttpAnswer) => void = () => {};
    const world = outside((index) => (index === 0 ? new Promise<HttpAnswer>((resolve) => (answer = resolve)) : ok()));
    const { engine, sendId } = await begin(world);
    await engine.run();
    await expect.poll(() => world.calls.length).toBe(1);
    await engine.engine.pauseSend({ workspaceId, sendId, actor });
    answer(busy);
    await run(engine, 60);
    await run(engine, 600);
    expect(world.calls).toHaveLength(1);
    expect(await executions()).toMatchObject([{ status: "running" }]);
    await engine.engine.resumeSend({ workspaceId, sendId, actor });
    await run(engine);
    await run(engine, 60);
    expect(world.calls).toHaveLength(2);
    expect(await executions()).toMatchObject([{ status: "completed" }]);
    await expectTotalsToAddUp(db.owner);
  });

  test.each(["stop", "cancel"] as const)("after a %s no call begins, and one under way is recorded before the end", async (how) => {
    let answer: (value: HttpAnswer) => void = () => {};
    const world = outside(() => new Promise<HttpAnswer>((resolve) => (answer = resolve)));
    const { engine, sendId } = await begin(world);
    await engine.run();
    await expect.poll(() => world.calls.length).toBe(1);
    const [execution] = await executions();
    if (how === "stop") await engine.engine.stopSend({ workspaceId, sendId, actor });
    else await engine.engine.cancelExecution({ workspaceId, executionId: execution?.id as string });
    for (let i = 0; i < 3; i += 1) await engine.wait(1);
    expect(await executions(), "while its call is under way").toMatchObject([{ status: "running" }]);
    answer(ok());
    await engine.callsMade();
    for (let i = 0; i < 4; i += 1) await engine.wait(1);
    expect(await executions()).toMatchObject([{ status: "cancelled" }]);
    expect(await stepsOfHook()).toMatchObject([{ status: "completed", result: { status: 200 } }]);
    expect(engine.providers.sms.calls).toHaveLength(0);
    await expectTotalsToAddUp(db.owner);
  });

  test("after a cancel while it waits for its next try, none", async () => {
    const world = outside(() => busy);
    const { engine } = await begin(world);
    await run(engine);
    const [execution] = await executions();
    await engine.engine.cancelExecution({ workspaceId, executionId: execution?.id as string });
    await run(engine, 3600);
    expect(world.calls).toHaveLength(1);
    expect(await executions()).toMatchObject([{ status: "cancelled", ended_reason: "cancelled" }]);
    await expectTotalsToAddUp(db.owner);
  });
});

test("five hundred slow calls hold neither the pass nor more than a workspace's share, and each is made once", async () => {
  let open: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const world = outside(async () => {
    await gate;
    return ok();
  });
  const { engine } = await begin(world, { contacts: 500 });
  await engine.run();
  await expect.poll(() => world.calls.length).toBe(16);
  await engine.run();
  expect(world.calls, "the pass is over, and as many are under way as may be").toHaveLength(16);
  open();
  await expect.poll(() => world.calls.length, { interval: 10 }).toBe(500);
  await run(engine);
  await run(engine);
  expect(world.most).toBe(16);
  expect(new Set(world.calls.map(({ key }) => key)).size).toBe(500);
  expect(world.calls).toHaveLength(500);
  expect((await executions()).every(({ status }) => status === "completed")).toBe(true);
  await expectTotalsToAddUp(db.owner);
});

test("a process that ends finishes the calls under way and leaves the others to those who come", async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const world = outside(async () => {
    await gate;
    return ok();
  });
  const { engine } = await begin(world, { contacts: 40 });
  await engine.run();
  await expect.poll(() => world.open).toBe(16);
  const stopped = engine.engine.stop();
  open();
  await stopped;
  expect(world.open).toBe(0);
  const made = world.calls.length;
  expect(made).toBeLessThan(40);
  const next = outside();
  const second = await startTestEngine(db.owner, { callWebhook: next.callWebhook });
  await run(second);
  await run(second);
  expect(next.calls.length + made).toBe(40);
  expect((await executions()).every(({ status }) => status === "completed")).toBe(true);
});

test("of an erased contact only the status and the time of a call are kept", async () => {
  const { engine } = await begin(outside(() => ({ ...ok({ email: "ada@example.test" }), excerpt: "ada@example.test" }) as HttpAnswer));
  await run(engine);
  expect(JSON.stringify(await stepsOfHook())).toContain("ada@example.test");
  const [execution] = await executions();
  await eraseAtOnce(engine, { workspaceId, ids: [execution?.contact_id as string] });
  expect(await stepsOfHook()).toMatchObject([{ result: { status: 200, attempts: 1, duration_ms: 5 } }]);
  expect(JSON.stringify(await stepsOfHook())).not.toContain("ada@example.test");
});
