import { sql } from "kysely";
import { expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, graph, node, sms, wait } from "#test/graphs.ts";

setUpEngine();

const isCustomer = [{ field: "lead_status", operator: "is", value: "Customer" }];
const ending = (...more: FlowGraph["nodes"]) => chain(node("start", { leaveIf: { tests: isCustomer } }), ...more);
const become = (lead_status: string) =>
  sql`update contacts set lead_status = ${lead_status} where workspace_id = ${workspaceId}`.execute(db.owner);
const execution = (id: string) => db.owner.selectFrom("flow_executions").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const said = () => sluice.providers.sms.calls.map(({ text }) => text);
const lastStep = (id: string) =>
  db.owner
    .selectFrom("flow_execution_steps")
    .select(["node_id", "status", "reason"])
    .where("flow_execution_id", "=", id)
    .orderBy("visit", "desc")
    .executeTakeFirst();

async function send(flow: FlowGraph, lead_status = "New"): Promise<string> {
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const contactId = await buildContact(db.owner, workspaceId, { lead_status });
  const { executionId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId]));
  await sluice.run();
  return executionId as string;
}

test("the flow ends at once for a contact who passes while they wait, and nothing more leaves", async () => {
  const id = await send(ending(sms("One"), wait(86_400), sms("Two", {}, "two")));
  await become("Cold");
  await sluice.run();
  expect(await execution(id)).toMatchObject({ status: "running" });
  await become("Customer");
  await sluice.run();
  expect(await execution(id)).toMatchObject({ status: "cancelled", ended_reason: "exit_rule" });
  expect(await lastStep(id)).toEqual({ node_id: "delay", status: "skipped", reason: "exit_rule" });
  await sluice.wait(100_000);
  expect(said()).toEqual(["One"]);
  expect(await db.owner.selectFrom("waits").select("event").where("flow_execution_id", "=", id).execute()).toEqual([]);
});

test("what the flow itself changes ends it before its next step", async () => {
  const change = node("update_contact", { changes: [{ field: "lead_status", operation: "set", value: "Customer" }] });
  const id = await send(ending(change, sms("Never")));
  expect(await execution(id)).toMatchObject({ status: "cancelled", ended_reason: "exit_rule" });
  expect(said()).toEqual([]);
});

test("who passes already gets nothing", async () => {
  const id = await send(ending(sms("Never")), "Customer");
  expect(await execution(id)).toMatchObject({ status: "cancelled", ended_reason: "exit_rule" });
  expect(said()).toEqual([]);
});

test("where a goal is reached by the same change, the flow ends all the same", async () => {
  const goal = node("goal", { tests: isCustomer });
  const id = await send(ending(wait(600), goal, sms("At the goal")));
  await become("Customer");
  await sluice.run();
  expect(await execution(id)).toMatchObject({ status: "cancelled", ended_reason: "exit_rule" });
  expect(said()).toEqual([]);
});

test("a flow without the rule, and one whose rule asks for something else, go on", async () => {
  const other = graph(
    [node("start", { leaveIf: { match: "none", tests: [{ field: "lead_status", operator: "is_not_empty" }] } }), sms("Hi")],
    "start > sms",
  );
  await send(other);
  await send(chain(node("start"), sms("Ho")), "Customer");
  expect(said()).toEqual(["Hi", "Ho"]);
});

test("a change and the end of a wait at the same moment end it once", async () => {
  const id = await send(ending(wait(60), sms("Never")));
  sluice.driver.clock.forward(61_000);
  await become("Customer");
  await sluice.run();
  expect(await execution(id)).toMatchObject({ status: "cancelled", ended_reason: "exit_rule" });
  expect(said()).toEqual([]);
});
