import { sql } from "kysely";
import { expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow, type ContactValues } from "#test/factories.ts";
import { chain, graph, node, sms, wait } from "#test/graphs.ts";
import { onBreakPoint } from "../base/break-point.ts";

setUpEngine();

const onlyNew = { enterIf: { tests: [{ field: "lead_status", operator: "is", value: "New" }] } };
const starting = (config: Record<string, unknown>, ...more: FlowGraph["nodes"]) => chain(node("start", config), ...more);
const build = (flow: FlowGraph) => buildFlow(db.owner, workspaceId, flow);
const contact = (lead_status: string, more: ContactValues = {}) => buildContact(db.owner, workspaceId, { lead_status, ...more });
const said = () => sluice.providers.sms.calls.map(({ text }) => text);
const everybody = { selection: { type: "filter" as const, filter: { tests: [] }, excluded: [] } };

test("a send lets in only contacts who pass, and keeps the others with the reason", async () => {
  const flowId = await build(starting(onlyNew, sms("Hi {{ lead_status }}")));
  const [fits, other] = [await contact("New"), await contact("Customer")];
  const { skipped, sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [fits, other]));
  await sluice.run();
  expect(skipped).toEqual([{ contactId: other, reason: "entry_rule" }]);
  const all = await sluice.engine.createSend(sendTo(workspaceId, flowId, [], everybody));
  await sluice.run();
  for (const id of [sendId, all.sendId]) {
    const send = await db.owner.selectFrom("flow_sends").select(["enrolled", "not_enrolled"]).where("id", "=", id).executeTakeFirst();
    expect(send).toEqual({ enrolled: 1, not_enrolled: 1 });
  }
  expect(said()).toEqual(["Hi New", "Hi New"]);
});

test("a rule of very many values is asked of fewer contacts at a time, so that no page takes longer for it, and lets in the same", async () => {
  const names = Array.from({ length: 2_000 }, (_, index) => (index === 0 ? "1" : `Name ${index}`));
  const tests = Array.from({ length: 10 }, (_, index) => ({
    field: "lastname",
    operator: "in",
    value: names.slice(index * 200, index * 200 + 180),
  }));
  const flowId = await build(starting({ enterIf: { match: "any", tests } }, sms("in")));
  await buildContacts(db.owner, workspaceId, 600);
  let pages = 0;
  onBreakPoint((point) => {
    if (point === "page-enrolled") pages += 1;
  });
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [], everybody));
  await sluice.run();
  expect(pages).toBeGreaterThanOrEqual(3);
  const send = await db.owner.selectFrom("flow_sends").select(["enrolled", "not_enrolled"]).where("id", "=", sendId).executeTakeFirst();
  expect(send).toEqual({ enrolled: 1, not_enrolled: 599 });
});

test("groups in groups, and denials of what is empty, mean what they mean in a condition", async () => {
  const rule = {
    match: "all",
    tests: [
      { field: "firstname", operator: "is_not", value: "Ann" },
      {
        match: "any",
        tests: [
          { field: "lead_status", operator: "in", value: ["New", "Hot"] },
          { field: "dnc", operator: "is", value: true },
        ],
      },
    ],
  };
  const flowId = await build(starting({ enterIf: rule }, sms("in")));
  const [hot, ann, cold] = [
    await contact("Hot", { firstname: "" }),
    await contact("Hot", { firstname: "Ann" }),
    await contact("Cold", { firstname: "Bob" }),
  ];
  const { skipped } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [hot, ann, cold]));
  await sluice.run();
  expect(skipped.map(({ contactId }) => contactId).sort()).toEqual([ann, cold].sort());
});

test("who does not fit is told so before what is said of earlier visits, and a test send lets everybody in", async () => {
  const flowId = await build(starting({ ...onlyNew, reEntry: { rule: "once" } }, wait(60)));
  const id = await contact("New");
  const send = (more = {}) => sluice.engine.createSend(sendTo(workspaceId, flowId, [id], more));
  expect((await send()).skipped).toEqual([]);
  expect((await send()).skipped).toMatchObject([{ reason: "already_active_here" }]);
  await sql`update contacts set lead_status = 'Customer' where id = ${id}`.execute(db.owner);
  expect((await send()).skipped).toMatchObject([{ reason: "entry_rule" }]);
  expect((await send({ isTest: true })).skipped).toEqual([]);
  await sluice.wait(61);
});

test("the preview of a send counts whom the flow does not let in", async () => {
  const flowId = await build(starting({ ...onlyNew, reEntry: { rule: "when_finished" } }, sms()));
  const ids = [await contact("New", { phone_e164: "+15550100001" }), await contact("Cold"), await contact("Cold")];
  const selection = { type: "ids" as const, ids };
  const preview = await sluice.engine.previewSend({ workspaceId, flowId, selection, oncePerAddress: true });
  expect(preview.notEnrolled).toEqual([{ reason: "entry_rule", contacts: 2 }]);
});

test("a flow that another one starts asks too, and the same contact may be let in twice", async () => {
  const child = await build(starting(onlyNew, sms("child")));
  const starter = (id: string) => node("start_flow", { flowId: child }, id);
  const parent = await build(
    graph(
      [node("start"), starter("first"), starter("again"), sms("after")],
      "start > first",
      "first:started > again",
      "again:started > sms",
    ),
  );
  const [fits, other] = [await contact("New"), await contact("Cold")];
  await sluice.engine.createSend(sendTo(workspaceId, parent, [fits, other]));
  await sluice.run();
  expect(said().toSorted()).toEqual(["after", "after", "child", "child"]);
  const refused = await db.owner
    .selectFrom("flow_execution_steps as s")
    .innerJoin("flow_executions as e", "e.id", "s.flow_execution_id")
    .select(["s.reason", "s.exit"])
    .where("e.contact_id", "=", other)
    .where("s.node_type", "=", "start_flow")
    .execute();
  expect(refused).toEqual([
    { reason: "entry_rule", exit: "not_allowed" },
    { reason: "entry_rule", exit: "not_allowed" },
  ]);
});

test("a rule that cannot be asked of all contacts, written by SQL, lets nobody in", async () => {
  const flowId = await build(starting({ enterIf: { tests: [{ field: "custom.plan", operator: "is", value: "gold" }] } }, sms()));
  const { skipped, executionId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [await contact("New")]));
  expect([executionId, skipped[0]?.reason]).toEqual([null, "entry_rule"]);
});
