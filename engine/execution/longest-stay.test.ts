import { sql } from "kysely";
import { expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import { publishGraph } from "#test/publish.ts";
import type { CreateSendInput } from "../engine.ts";

setUpEngine();

const day = 86_400;
const limited = (longestStayDays: number | undefined, ...more: FlowGraph["nodes"]) =>
  chain(node("start", longestStayDays === undefined ? {} : { longestStayDays }), ...more);
const execution = (id: string) => db.owner.selectFrom("flow_executions").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const said = () => sluice.providers.sms.calls.filter((call) => call.workspaceId === workspaceId).map(({ text }) => text);
const lastStep = (id: string) =>
  db.owner
    .selectFrom("flow_execution_steps")
    .select(["node_id", "status", "reason"])
    .where("flow_execution_id", "=", id)
    .orderBy("visit", "desc")
    .orderBy("attempt", "desc")
    .executeTakeFirst();

async function send(flow: FlowGraph, more: Partial<CreateSendInput> = {}) {
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const contactId = await buildContact(db.owner, workspaceId);
  const { executionId, sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId], more));
  await sluice.run();
  return { flowId, sendId, id: executionId as string };
}

test("who has been in the flow so long leaves it at once, in the middle of a wait, and gets nothing more", async () => {
  const { id } = await send(limited(3, sms("One"), wait(10 * day), sms("Two", {}, "two")));
  await sluice.wait(3 * day - 60);
  expect(await execution(id)).toMatchObject({ status: "running" });
  await sluice.wait(120);
  expect(await execution(id)).toMatchObject({ status: "cancelled", ended_reason: "stay_over", wake_at: null });
  expect(await lastStep(id)).toEqual({ node_id: "delay", status: "skipped", reason: "stay_over" });
  await sluice.wait(10 * day);
  expect(said()).toEqual(["One"]);
});

test("waits that are over before go on as ever, and what they lead to counts from the beginning of the flow", async () => {
  const { id } = await send(limited(3, wait(2 * day, "first"), sms("Two", {}, "two"), wait(2 * day, "second"), sms("Never", {}, "never")));
  await sluice.wait(2 * day + 1);
  expect(said()).toEqual(["Two"]);
  await sluice.wait(day - 60);
  expect(await execution(id)).toMatchObject({ status: "running" });
  await sluice.wait(120);
  expect(await execution(id)).toMatchObject({ status: "cancelled", ended_reason: "stay_over" });
  expect(said()).toEqual(["Two"]);
});

test("a flow without the limit, and one that is through before, end as they would", async () => {
  const [free, quick] = [await send(limited(undefined, wait(400 * 3600))), await send(limited(1, wait(3600), sms("Quick")))];
  await sluice.wait(3601);
  await sluice.wait(400 * 3600);
  for (const { id } of [free, quick]) expect(await execution(id)).toMatchObject({ status: "completed", ended_reason: null });
});

test("the time before a send begins does not count", async () => {
  const { id } = await send(limited(1, sms("Hello"), wait(day / 2), sms("Later", {}, "later")), {
    start: { zone: "workspace", at: new Date(Date.now() + 5 * day * 1000).toISOString().slice(0, 16) },
  });
  for (let hours = 0; hours < 6 * 24 + 2; hours += 6) await sluice.wait(6 * 3600);
  expect(said()).toEqual(["Hello", "Later"]);
  expect(await execution(id)).toMatchObject({ status: "completed" });
});

test("a change that wakes who waits before the end lets nobody go on early", async () => {
  const flow = limited(3, wait(10 * day), sms("Never"));
  const start = flow.nodes[0] as (typeof flow.nodes)[number];
  start.data.config = { longestStayDays: 3, leaveIf: { tests: [{ field: "lead_status", operator: "is", value: "Customer" }] } };
  const { id } = await send(flow);
  await sql`update contacts set lead_status = 'Cold' where workspace_id = ${workspaceId}`.execute(db.owner);
  await sluice.run();
  expect(await execution(id)).toMatchObject({ status: "running" });
  expect(said()).toEqual([]);
  await sluice.wait(3 * day + 1);
  expect(await execution(id)).toMatchObject({ status: "cancelled", ended_reason: "stay_over" });
});

test("who follows to a version with a limit leaves when it is over, counted from when they began", async () => {
  const { id, flowId } = await send(limited(undefined, wait(10 * day), sms("Never")));
  await sluice.wait(day);
  await publishGraph(db.owner, sluice, {
    workspaceId,
    flowId,
    graph: limited(2, wait(10 * day), sms("Never")),
    moves: [{ nodeId: "delay", action: "follow" }],
  });
  await sluice.run();
  await sluice.wait(day - 60);
  expect(await execution(id)).toMatchObject({ status: "running" });
  await sluice.wait(120);
  expect(await execution(id)).toMatchObject({ status: "cancelled", ended_reason: "stay_over" });
  expect(said()).toEqual([]);
});
