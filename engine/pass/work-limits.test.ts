import { expect, test } from "vitest";
import { workLimits } from "#contract/work-budget.ts";
import { sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { chain, edge, email, graph, node, sms } from "#test/graphs.ts";

setUpEngine();

/** As many short texts as fit a request of 256 KiB, stored past every check of today. */
const manyTexts = Array.from({ length: 45_000 }, (_, index) => `t${index}`);
const otherValues = Array.from({ length: 180 }, (_, index) => `v${index}`);
const tests = (operator: string, values: unknown, count = 10) =>
  Array.from({ length: count }, () => ({ field: "metadata.t", operator, value: values }));
const executionsOf = (sendId: string) =>
  db.owner.selectFrom("flow_executions").selectAll().where("send_id", "=", sendId).orderBy("seq").execute();
const stepsOf = (id: string) => db.owner.selectFrom("flow_execution_steps").selectAll().where("flow_execution_id", "=", id).execute();

const exitTo = (config: Record<string, unknown>) =>
  graph([node("start"), node("condition", config), sms()], "start > condition", "condition:a > sms", "condition:otherwise > sms");

test.each([
  ["in", otherValues],
  ["not_in", otherValues],
  ["is_empty", undefined],
  ["contains", "zzz"],
])(
  "a contact with 45,000 values at ten tests of %s fails its own execution, with the reason, and the others go on",
  async (operator, value) => {
    const flowId = await buildFlow(db.owner, workspaceId, exitTo({ branches: [{ id: "a", match: "any", tests: tests(operator, value) }] }));
    const hostile = await buildContact(db.owner, workspaceId, { metadata: { t: manyTexts } });
    const good = await buildContact(db.owner, workspaceId, { metadata: { t: ["v1"] } });
    const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [hostile, good]));
    await sluice.run();
    const [first, second] = await executionsOf(sendId);
    const byContact = new Map([first, second].map((row) => [row?.contact_id, row]));
    expect(byContact.get(good)).toMatchObject({ status: "completed" });
    const failed = byContact.get(hostile);
    expect(failed).toMatchObject({ status: "failed", ended_reason: "work_limit" });
    expect(failed?.error_message).toMatch(/more than 100,000 values/);
    const step = (await stepsOf(failed?.id ?? "")).find(({ node_type }) => node_type === "condition");
    expect(step).toMatchObject({ status: "failed", reason: "work_limit" });
    expect(sluice.providers.sms.calls).toHaveLength(1);
  },
);

test("a goal that would compare too much fails the execution, and no message behind it leaves", async () => {
  const flow = graph([node("start"), sms(), node("goal", { tests: tests("in", otherValues) })], "start > sms", "sms > goal");
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const hostile = await buildContact(db.owner, workspaceId, { metadata: { t: manyTexts } });
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [hostile]));
  await sluice.run();
  expect(await executionsOf(sendId)).toMatchObject([{ status: "failed", ended_reason: "work_limit" }]);
  expect(sluice.providers.sms.calls).toHaveLength(0);
});

test("texts are counted too: three of the longest that an author may write are too many for one pass", async () => {
  const field = `{{firstname${"|upcase".repeat(38)}}}`;
  const longest = (id: string) => email("Hello", { text: field.repeat(115) }, id);
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), longest("first"), longest("second"), longest("third"), sms()));
  const contact = await buildContact(db.owner, workspaceId);
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contact]));
  await sluice.run();
  expect(await executionsOf(sendId)).toMatchObject([{ status: "failed", ended_reason: "work_limit" }]);
  expect(sluice.providers.email.calls).toHaveLength(2);
  expect(sluice.providers.sms.calls).toHaveLength(0);
});

test("a flow cannot give a contact more fields than a person or a file may", async () => {
  const changes = [{ field: "metadata.extra", operation: "set", value: "one more" }];
  const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), node("update_contact", { changes })));
  const metadata = { list: manyTexts.slice(0, 1_999) };
  const contact = await buildContact(db.owner, workspaceId, { metadata });
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contact]));
  await sluice.run();
  expect(await executionsOf(sendId)).toMatchObject([{ status: "partial_failure", ended_reason: "bad_value" }]);
  const stored = await db.owner.selectFrom("contacts").select("metadata").where("id", "=", contact).executeTakeFirstOrThrow();
  expect(stored.metadata).toEqual(metadata);
});

test("a pass leaves what is beyond its work to the next one, and everybody comes to the end", async () => {
  // Each of 30 contacts takes about 60,000 units: together nearly twice as much as a pass may do.
  const flowId = await buildFlow(db.owner, workspaceId, exitTo({ branches: [{ id: "a", tests: tests("in", otherValues, 1) }] }));
  const ids = await buildContacts(db.owner, workspaceId, 30);
  const t = JSON.stringify({ t: manyTexts.slice(0, 20_000) });
  await db.owner.updateTable("contacts").set({ metadata: t }).where("id", "in", ids).execute();
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
  await sluice.run();
  const rows = await executionsOf(sendId);
  expect(rows.map(({ status }) => status)).toEqual(Array(30).fill("completed"));
  expect(sluice.providers.sms.calls).toHaveLength(30);
  expect(workLimits.pass).toBeLessThan(30 * 48_000);
});

test("a loop of hundreds of steps within one pass shares one budget", async () => {
  const ids = Array.from({ length: 10 }, (_, index) => `c${index}`);
  const nodes = ids.map((id) => node("condition", { branches: [{ id: "a", tests: tests("in", otherValues, 1) }] }, id));
  const flow = {
    nodes: [node("start"), ...nodes, sms()],
    edges: [edge("start > c0"), ...ids.map((id, index) => edge(`${id}:otherwise > ${ids[index + 1] ?? "sms"}`))],
  };
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const contact = await buildContact(db.owner, workspaceId, { metadata: { t: manyTexts.slice(0, 12_000) } });
  const { sendId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contact]));
  await sluice.run();
  expect(await executionsOf(sendId)).toMatchObject([{ status: "failed", ended_reason: "work_limit" }]);
});
