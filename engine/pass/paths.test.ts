import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { sendTo } from "#test/engine.ts";
import { db, restartEngine, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import { execution } from "#test/people-inside.ts";
import { messagesOf, pathOf, sendFlow, stepsOf } from "#test/way-of.ts";

setUpEngine();
const choose = node("condition", {
  branches: [{ id: "vip", label: "VIP", tests: [{ field: "lead_status", operator: "is", value: "vip" }] }],
});
const forked = graph(
  [node("start"), choose, sms("Dear VIP", {}, "dear"), sms("Hello", {}, "hello")],
  "start > condition",
  "condition:vip > dear",
  "condition:otherwise > hello",
);

test("start and end: everything is recorded, times included", async () => {
  const id = await sendFlow(chain(node("start"), node("end", { result: "reached" })));
  expect(await pathOf(id)).toBe("start completed → next, end completed");
  const row = await execution(id);
  expect(row).toMatchObject({
    status: "completed",
    ended_reason: null,
    error_message: null,
    wake_at: null,
    current_node_id: "end",
    result: { steps: 2, lastNode: "end", result: "reached" },
  });
  expect(row.execution_time).toBeGreaterThanOrEqual(0);
  expect((row.completed_at as Date).getTime()).toBeGreaterThanOrEqual((row.started_at as Date).getTime());
});

test("condition: takes the branch, and keeps what was compared", async () => {
  const vip = await sendFlow(forked, { lead_status: "VIP" });
  expect(await pathOf(vip)).toBe("start completed → next, condition completed → vip, dear completed → sent");
  expect((await stepsOf(vip))[1]?.result).toMatchObject({
    branch: "vip",
    compared: [{ field: "lead_status", wanted: "vip", found: "VIP", held: true }],
  });
  expect(await pathOf(await sendFlow(forked, { lead_status: null }))).toBe(
    "start completed → next, condition completed → otherwise, hello completed → sent",
  );
});

test("condition: an exit without an edge ends the execution", async () => {
  const id = await sendFlow(graph([node("start"), choose, sms()], "start > condition", "condition:vip > sms"));
  expect(await pathOf(id)).toBe("start completed → next, condition completed → otherwise");
  expect(await execution(id)).toMatchObject({ status: "completed" });
});

test("delay: waits as a row, wakes by the clock, and goes on with the contact as it is then", async () => {
  const id = await sendFlow(chain(node("start"), wait(3600), sms("Hi {{firstname}}")), { firstname: "Before" });
  expect(await pathOf(id)).toBe("start completed → next, delay waiting");
  expect(await execution(id)).toMatchObject({
    status: "running",
    waiting_for: "time",
    current_node_id: "delay",
    wake_at: expect.any(Date),
  });
  await sluice.wait(3500);
  expect(sluice.providers.sms.calls).toEqual([]);
  await sql`update contacts set firstname = 'After' where workspace_id = ${workspaceId}`.execute(db.owner);
  await sluice.wait(101);
  expect(sluice.providers.sms.calls.map(({ text }) => text)).toEqual(["Hi After"]);
  expect(await pathOf(id)).toBe("start completed → next, delay completed → next, sms completed → sent");
});

test("a loop with a rest goes round, each visit a step of its own", async () => {
  const id = await sendFlow(graph([node("start"), sms(), wait(60)], "start > sms", "sms > delay", "delay > sms"));
  await sluice.wait(61);
  await sluice.wait(61);
  expect(sluice.providers.sms.calls).toHaveLength(3);
  expect((await stepsOf(id)).map(({ visit }) => visit)).toEqual([1, 2, 3, 4, 5, 6, 7]);
});

test("an execution ends where it has come to a node for the hundredth time", async () => {
  const id = await sendFlow(graph([node("start"), wait(60, "a")], "start > a", "a > a"));
  for (let i = 0; i < 101; i += 1) await sluice.wait(61);
  expect(await execution(id)).toMatchObject({ status: "failed", ended_reason: "node_limit", visit: 101 });
});

test("by which exit a step was left, and why, is asked by later steps, at once and behind a wait", async () => {
  const keyed = { ...sms(), data: { ...sms().data, key: "hello" } };
  const asks = (id: string, field: string, value: string) =>
    node("condition", { branches: [{ id: "yes", tests: [{ field, operator: "is", value }] }] }, id);
  const flow = graph(
    [
      node("start"),
      keyed,
      asks("exit", "steps.hello.exit", "skipped"),
      wait(60),
      asks("why", "steps.hello.reason", "no_phone"),
      asks("not", "steps.hello.exit", "sent"),
      email(),
    ],
    ...[
      "start > sms",
      "sms:sent > exit",
      "sms:skipped > exit",
      "exit:yes > delay",
      "delay > why",
      "why:yes > not",
      "not:otherwise > email",
    ],
  );
  const skipped = await sendFlow(flow, { phone_e164: null });
  await sluice.wait(61);
  expect(await pathOf(skipped)).toMatch(/exit completed → yes, .*why completed → yes, not completed → otherwise, email completed → sent$/);
  const sent = await sendFlow(flow);
  expect(await pathOf(sent)).toMatch(/exit completed → otherwise$/);
});

test("a contact that was deleted while its execution waited ends it, with the reason", async () => {
  const id = await sendFlow(chain(node("start"), wait(60), sms()));
  await sql`delete from contacts where workspace_id = ${workspaceId}`.execute(db.owner);
  await sluice.wait(61);
  expect(await execution(id)).toMatchObject({ status: "cancelled", ended_reason: "contact_deleted", contact_id: null });
  expect(await pathOf(id)).toBe("start completed → next, delay skipped (contact_deleted)");
  expect(sluice.providers.sms.calls).toEqual([]);
});

describe("a step that is switched off is passed by its first exit", () => {
  const off = (one: ReturnType<typeof node>) => ({ ...one, data: { ...one.data, off: true } });

  test("and nothing of it is sent, waited for or decided", async () => {
    const flow = graph(
      [node("start"), off(sms("Never", {}, "never")), off(wait(86_400)), off(choose), sms("Dear", {}, "dear"), sms("Hello", {}, "hello")],
      "start > never",
      "never > delay",
      "delay > condition",
      "condition:vip > dear",
      "condition:otherwise > hello",
    );
    const id = await sendFlow(flow, { lead_status: "new" });
    expect(await pathOf(id)).toBe(
      "start completed → next, never skipped → sent (step_off), delay skipped → next (step_off), condition skipped → vip (step_off), dear completed → sent",
    );
    expect((await messagesOf(id)).map(({ body }) => body)).toEqual(["Dear"]);
    expect(await execution(id)).toMatchObject({ status: "completed" });
  });

  test("not by the way for skipped messages, and a way back is not taken", async () => {
    const flow = graph(
      [node("start"), off(sms("Never", {}, "never")), sms("No", {}, "no"), off(node("go_to", { target: "never", times: 3 })), node("end")],
      "start > never",
      "never:skipped > no",
      "never:sent > go_to",
      "go_to:limit_reached > end",
    );
    const id = await sendFlow(flow);
    expect(await pathOf(id)).toBe(
      "start completed → next, never skipped → sent (step_off), go_to skipped → limit_reached (step_off), end completed",
    );
    expect(await messagesOf(id)).toEqual([]);
  });

  test("a goal draws nobody, and where nothing follows the execution ends", async () => {
    const goal = off(node("goal", { tests: [{ field: "firstname", operator: "is_not_empty" }] }));
    const id = await sendFlow(chain(node("start"), sms("One"), goal), { firstname: "Ana" });
    expect(await pathOf(id)).toBe("start completed → next, sms completed → sent, goal skipped → reached (step_off)");
    expect(await execution(id)).toMatchObject({ status: "completed" });
  });
});

describe("what is broken", () => {
  test("a version that was ruined by hand fails its executions, and nobody else's", async () => {
    const good = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(60), sms()));
    const contactId = await buildContact(db.owner, workspaceId);
    const ids: string[] = [];
    for (const ruin of [
      "5",
      "[]",
      '[{"id":"start","type":"start","data":{}}]',
      '[{"id":"start"},null,7]',
      '[{"id":"delay","type":"delay","data":{"config":{"mode":"x"}}}]',
      null,
    ]) {
      const flowId =
        ruin === null ? good : await buildFlow(db.owner, workspaceId, chain(node("start"), wait(60), sms(`text for ${ruin.length}`)));
      const { executionId, sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
      await sluice.run();
      if (ruin !== null)
        await sql`update flow_versions set nodes = ${ruin}::jsonb where id = (select flow_version_id from flow_sends where id = ${sendId})`.execute(
          db.owner,
        );
      ids.push(executionId as string);
    }
    await restartEngine();
    await sluice.wait(61);
    const rows = await Promise.all(ids.map(execution));
    expect(rows.map(({ status }) => status)).toEqual(["failed", "failed", "failed", "failed", "failed", "completed"]);
    for (const row of rows.slice(0, 5))
      expect(row).toMatchObject({ ended_reason: "internal", error_message: expect.stringContaining(".") });
  });

  test("a loop without a rest, written straight into the database, ends where a node was visited a hundred times", async () => {
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(60, "a"), wait(60, "b")));
    const contactId = await buildContact(db.owner, workspaceId);
    const { executionId, sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
    const fork = (id: string) => node("condition", { branches: [{ id: "x", tests: [{ field: "email", operator: "is_empty" }] }] }, id);
    const spin = graph([node("start"), fork("a"), fork("b")], "start > a", "a:otherwise > b", "b:otherwise > a");
    await sql`update flow_versions set nodes = ${JSON.stringify(spin.nodes)}::jsonb, edges = ${JSON.stringify(spin.edges)}::jsonb
      where id = (select flow_version_id from flow_sends where id = ${sendId})`.execute(db.owner);
    // Another process: this one has the version in memory.
    await restartEngine();
    await sluice.run();
    expect(await execution(executionId as string)).toMatchObject({ status: "failed", ended_reason: "node_limit", visit: 201 });
  });
});
