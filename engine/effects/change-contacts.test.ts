import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { freeTheDead, sendTo, startTestEngine } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import { onBreakPoint, SimulatedCrash, sendBreakPoints } from "../base/break-point.ts";

setUpEngine();

const update = (changes: Record<string, unknown>[], more: Record<string, unknown> = {}, id = "update") =>
  node("update_contact", { changes, ...more }, id);
const addOne = (id = "update") => update([{ field: "metadata.points", operation: "add", value: 1 }], {}, id);
const variable = (name: string, value: string, more: Record<string, unknown> = {}, id = `set ${name}`) =>
  node("set_variable", { name, value, ...more }, id);

const contact = (id: string) => db.owner.selectFrom("contacts").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const execution = (id: string) => db.owner.selectFrom("flow_executions").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const steps = (id: string) =>
  db.owner
    .selectFrom("flow_execution_steps")
    .select(["node_id", "status", "exit", "reason", "result", "error_message"])
    .where("flow_execution_id", "=", id)
    .orderBy("visit")
    .orderBy("attempt")
    .execute();
const step = async (id: string, nodeId: string) => (await steps(id)).find(({ node_id }) => node_id === nodeId);

async function send(flow: FlowGraph, contactId: string, more: Parameters<typeof sendTo>[3] = {}): Promise<string> {
  const flowId = await buildFlow(db.owner, workspaceId, flow);
  const { executionId } = await sluice.engine.createSend(sendTo(workspaceId, flowId, [contactId], more));
  await sluice.run();
  return executionId as string;
}

test("a lead status is written as the workspace's list spells it, and compared by name", async () => {
  const id = await buildContact(db.owner, workspaceId, { lead_status: "proposal sent" });
  const isSent = { field: "lead_status", operator: "is", value: "Propósal  SENT" };
  const flow = graph(
    [
      node("start"),
      node("condition", { branches: [{ id: "yes", tests: [isSent] }] }, "condition"),
      update([{ field: "lead_status", operation: "set", value: " cUSTÓMER " }]),
    ],
    "start > condition",
    "condition:yes > update",
  );
  const executionId = await send(flow, id);
  expect(await step(executionId, "condition")).toMatchObject({ exit: "yes" });
  expect(await contact(id)).toMatchObject({ lead_status: "Customer" });
  expect((await step(executionId, "update"))?.result).toMatchObject({ changes: { lead_status: { after: "Customer" } } });
});

describe("a change of the contact", () => {
  test("is not half made: what does not fit takes back all of it, and says why", async () => {
    const id = await buildContact(db.owner, workspaceId, { lead_status: "New" });
    const flow = graph(
      [
        node("start"),
        update([
          { field: "lead_status", operation: "set", value: "Customer" },
          { field: "email", operation: "set", value: "not an address" },
        ]),
        sms("done", {}, "done"),
        sms("failed", {}, "failed"),
      ],
      "start > update",
      "update:done > done",
      "update:failed > failed",
    );
    const executionId = await send(flow, id);
    expect(await contact(id)).toMatchObject({ lead_status: "New" });
    expect(await step(executionId, "update")).toMatchObject({ status: "failed", exit: "failed", reason: "bad_value" });
    expect(sluice.providers.sms.calls.map(({ text }) => text)).toEqual(["failed"]);
    expect(await execution(executionId)).toMatchObject({ status: "partial_failure", ended_reason: "bad_value" });
  });

  test("ends the execution where the author wants it to stop", async () => {
    const id = await buildContact(db.owner, workspaceId, { metadata: { points: "many" } });
    const stopping = update([{ field: "metadata.points", operation: "add", value: 1 }], { onError: "stop" });
    const executionId = await send(chain(node("start"), stopping, sms()), id);
    expect(await execution(executionId)).toMatchObject({ status: "failed", ended_reason: "bad_value" });
    expect(sluice.providers.sms.calls).toEqual([]);
  });

  test("is seen by the conditions and messages behind it in the same pass, and its step says before and after", async () => {
    const id = await buildContact(db.owner, workspaceId, { firstname: "Ada", lead_status: "New", metadata: { points: 2, huge: 1 } });
    await sql`update contacts set metadata = jsonb_set(metadata, '{huge}', '12345678901234567890') where id = ${id}`.execute(db.owner);
    const isCustomer = node("condition", {
      branches: [{ id: "yes", tests: [{ field: "lead_status", operator: "is", value: "Customer" }] }],
    });
    const flow = graph(
      [
        node("start"),
        update([
          { field: "lead_status", operation: "set", value: "Customer" },
          { field: "metadata.points", operation: "add", value: "5" },
          { field: "email", operation: "set", value: "{{ firstname | downcase }}@new.example" },
          { field: "tags", operation: "add_tag", value: "VIP" },
        ]),
        isCustomer,
        email("{{ metadata.points }} points"),
      ],
      "start > update",
      "update > condition",
      "condition:yes > email",
    );
    const executionId = await send(flow, id);
    expect(sluice.providers.email.calls).toMatchObject([{ to: "ada@new.example", subject: "7 points" }]);
    expect(await contact(id)).toMatchObject({
      email: "ada@new.example",
      sort_email: "ada@new.example",
      metadata: { points: 7, tags: ["VIP"] },
    });
    const { rows } = await sql<{ huge: string }>`select metadata ->> 'huge' as huge from contacts where id = ${id}`.execute(db.owner);
    expect(rows[0]?.huge).toBe("12345678901234567890");
    expect((await step(executionId, "update"))?.result).toMatchObject({
      changes: { lead_status: { before: "New", after: "Customer" }, "metadata.points": { before: 2, after: 7 } },
    });
  });

  test("to a suppressed address closes the channel for what follows", async () => {
    const id = await buildContact(db.owner, workspaceId);
    await db.owner
      .insertInto("suppressions")
      .values({ workspace_id: workspaceId, channel: "email", address: "gone@example.test", reason: "bounced_before" })
      .execute();
    const flow = chain(node("start"), update([{ field: "email", operation: "set", value: "Gone@example.test" }]), email());
    const executionId = await send(flow, id);
    expect(await step(executionId, "email")).toMatchObject({ status: "skipped", reason: "bounced_before" });
  });

  test("is tried out and not made in a test", async () => {
    const id = await buildContact(db.owner, workspaceId, { lead_status: "New" });
    const flow = chain(
      node("start"),
      update([{ field: "lead_status", operation: "set", value: "Customer" }]),
      variable("seen", "{{ lead_status }}"),
    );
    const executionId = await send(flow, id, { isTest: true });
    expect(await contact(id)).toMatchObject({ lead_status: "New" });
    expect(await step(executionId, "update")).toMatchObject({ status: "completed", result: { rehearsed: true } });
    expect(await execution(executionId)).toMatchObject({ variables: { seen: "Customer" } });
  });

  test("does not happen when the send was stopped, or somebody cancelled it, between the look and the change", async () => {
    const id = await buildContact(db.owner, workspaceId);
    for (const what of [
      sql`update flow_sends set state = 'stopped' where workspace_id = ${workspaceId}`,
      sql`update flow_executions set cancel_reason = 'cancelled' where workspace_id = ${workspaceId}`,
    ]) {
      onBreakPoint(async (name) => {
        if (name !== "chunk-read") return;
        onBreakPoint(undefined);
        await what.execute(db.owner);
      });
      await send(chain(node("start"), addOne()), id);
      expect((await contact(id)).metadata).toEqual({});
    }
  });

  test("of somebody whom another is changing waits, and then adds to what he wrote", async () => {
    const id = await buildContact(db.owner, workspaceId, { metadata: { points: 10 } });
    let executionId = "";
    await db.owner.transaction().execute(async (tx) => {
      await sql`update contacts set metadata = '{"points": 20}' where id = ${id}`.execute(tx);
      executionId = await send(chain(node("start"), addOne()), id);
      expect(await step(executionId, "update")).toBeUndefined();
    });
    await sluice.wait(5);
    expect((await contact(id)).metadata).toEqual({ points: 21 });
    expect(await execution(executionId)).toMatchObject({ status: "completed" });
  });

  test("of one contact by many executions at once loses none of them", async () => {
    const id = await buildContact(db.owner, workspaceId);
    const flowId = await buildFlow(db.owner, workspaceId, chain(node("start"), wait(60), addOne(), addOne("again")));
    for (let i = 0; i < 6; i += 1) await sluice.engine.createSend(sendTo(workspaceId, flowId, [id]));
    await sluice.run();
    await sluice.wait(61);
    await sluice.wait(5);
    expect((await contact(id)).metadata).toEqual({ points: 12 });
  });
});

test("consent is recorded, an opt-out before the next message, and no suppression is lifted", async () => {
  const id = await buildContact(db.owner, workspaceId, { phone_e164: "+15551230000", email_opted_out_at: new Date(0) });
  await db.owner
    .insertInto("suppressions")
    .values({ workspace_id: workspaceId, channel: "email", address: (await contact(id)).email as string, reason: "dnc" })
    .execute();
  const flow = chain(node("start"), node("consent", { sms: "opt_out", email: "opt_in", reason: "said so" }), sms(), email());
  const executionId = await send(flow, id);
  expect(await contact(id)).toMatchObject({ sms_opted_out_at: expect.any(Date), email_opted_out_at: null, opt_out_source: "flow" });
  expect(await step(executionId, "consent")).toMatchObject({
    result: {
      before: { sms_opted_out: false, email_opted_out: true },
      after: { sms_opted_out: true, email_opted_out: false },
      reason: "said so",
    },
  });
  expect(await step(executionId, "sms")).toMatchObject({ reason: "opted_out_sms" });
  expect(await step(executionId, "email")).toMatchObject({ reason: "dnc" });
  const left = await db.owner.selectFrom("suppressions").select("address").where("workspace_id", "=", workspaceId).execute();
  expect(left).toHaveLength(1);
});

describe("variables", () => {
  test("are read by messages and conditions, survive waits, and are absent where none is set", async () => {
    const id = await buildContact(db.owner, workspaceId, { firstname: "Ada" });
    const cheap = node("condition", {
      branches: [{ id: "yes", tests: [{ field: "variables.amount", operator: "less_than", value: 10 }] }],
    });
    const flow = graph(
      [
        node("start"),
        variable("hello", "Hi {{ firstname }}"),
        variable("amount", "{{ trigger.amount }}", { as: "number" }),
        wait(60),
        cheap,
        sms("{{ variables.hello }}, {{ amount }}"),
      ],
      "start > set hello",
      "set hello > set amount",
      "set amount > delay",
      "delay > condition",
      "condition:yes > sms",
    );
    const executionId = await send(flow, id, { triggerData: { amount: "5.0" } });
    expect((await execution(executionId)).variables).toEqual({ hello: "Hi Ada", amount: 5 });
    await sluice.wait(61);
    expect(sluice.providers.sms.calls.map(({ text }) => text)).toEqual(["Hi Ada, 5"]);
    const plain = await send(chain(node("start"), sms()), id);
    expect((await execution(plain)).variables).toBeNull();
  });

  test("of more than 64 KiB together fail the step that sets one too many", async () => {
    const id = await buildContact(db.owner, workspaceId);
    const names = Array.from({ length: 8 }, (_, index) => `v${index}`);
    const flow = chain(node("start"), ...names.map((name) => variable(name, "x".repeat(9_000))));
    const executionId = await send(flow, id);
    expect(await execution(executionId)).toMatchObject({ status: "failed", ended_reason: "variables_too_large" });
    expect(Object.keys((await execution(executionId)).variables ?? {})).toHaveLength(7);
  });

  test("that have no value are missing to whoever needs them", async () => {
    const id = await buildContact(db.owner, workspaceId);
    const executionId = await send(chain(node("start"), variable("code", "{{ trigger.code }}"), sms("{{ variables.code }}")), id);
    expect(await step(executionId, "sms")).toMatchObject({ status: "skipped", reason: "template_missing_value" });
  });

  test("what a node gave is read by its key, also after a wait", async () => {
    const id = await buildContact(db.owner, workspaceId);
    const keyed = { ...sms("First"), data: { config: { text: "First" }, key: "hello" } };
    await send(
      chain(node("start"), keyed, email("{{ steps.hello.provider }}"), wait(60), email("{{ steps.hello.provider }} again", {}, "later")),
      id,
    );
    await sluice.wait(61);
    expect(sluice.providers.email.calls.map(({ subject }) => subject)).toEqual(["fake", "fake again"]);
  });
});

const ofChanges = sendBreakPoints.filter(
  (point) => point !== "page-enrolled" && !/^(call|answers|starting|starts|leaving|leaves)/.test(point),
);
describe.each(ofChanges)("killed at %s", (point) => {
  test.each([1, 2, 3])("for the %ith time: every point is added once, and every variable is there", async (nth) => {
    const people = 5;
    const ids = await buildContacts(db.owner, workspaceId, people);
    const flow = chain(
      node("start"),
      variable("before", "{{ metadata.points | default: 0 }}"),
      addOne(),
      variable("after", "{{ metadata.points }}"),
      sms("{{ variables.before }} {{ variables.after }}"),
      wait(60),
      addOne("later"),
      email("{{ variables.before }} {{ variables.after }} {{ metadata.points }}"),
      addOne("last"),
    );
    const flowId = await buildFlow(db.owner, workspaceId, flow);
    let passed = 0;
    onBreakPoint((name) => {
      if (name !== point) return;
      passed += 1;
      if (passed === nth) throw new SimulatedCrash(point);
    });
    const run = async () => {
      await sluice.engine.createSend(sendTo(workspaceId, flowId, ids));
      await sluice.run();
      await sluice.wait(61);
    };
    await run().catch((error) => {
      if (!(error instanceof SimulatedCrash)) throw error;
    });
    if (nth === 1 && point !== "timers-handed-over") expect(passed, "the point was passed").toBeGreaterThan(0);
    onBreakPoint(undefined);
    const heir = await startTestEngine(db.owner, { providerFor: async (_, channel) => sluice.providers[channel] });
    await freeTheDead(db.owner, sluice);
    for (let i = 0; i < 5; i += 1) await heir.wait(121);
    const { rows } = await sql<{ status: string; points: number; sent: number; variables: unknown; added: number }>`
      select e.status, (c.metadata ->> 'points')::int as points, e.variables,
        (select count(*) from messages m where m.flow_execution_id = e.id and m.status = 'sent')::int as sent,
        (select count(*) from flow_execution_steps s where s.flow_execution_id = e.id and s.node_type = 'update_contact' and s.status = 'completed')::int as added
      from flow_executions e join contacts c on c.id = e.contact_id where e.workspace_id = ${workspaceId}`.execute(db.owner);
    expect(rows).toHaveLength(people);
    for (const row of rows) {
      // A message in the hands of the dead is held, and its flow stops there; every addition has its step all the same.
      expect(row.points, JSON.stringify(row)).toBe(row.added);
      expect(row.variables).toEqual({ before: "0", after: "1" });
      if (row.status === "completed") expect(row).toMatchObject({ points: 3, sent: 2 });
      else expect(row.status).toBe("failed");
    }
    for (const { text, subject } of [...sluice.providers.sms.calls, ...sluice.providers.email.calls]) {
      expect(["0 1", "0 1 2"]).toContain(subject ?? text);
    }
  });
});
