import { describe, expect, test } from "vitest";
import type { FlowGraph } from "#contract/flows.ts";
import { eraseAtOnce, sendTo } from "#test/engine.ts";
import { db, setUpEngine, sluice, workspaceId } from "#test/engine-fixture.ts";
import { buildContact, buildContacts, buildFlow } from "#test/factories.ts";
import { look } from "#test/forecast.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import type { CreateSendInput } from "../engine.ts";

setUpEngine();

const inputs = [
  { name: "amount", label: "Amount", type: "number", required: true },
  { name: "city", label: "City", type: "text", default: "Berlin" },
];
const text = "Hi {{ firstname }}: {{ input.amount | number }} in {{ input.city }}";
const asking: FlowGraph = chain(node("start", { inputs }), sms(text));
const build = (flow = asking) => buildFlow(db.owner, workspaceId, flow);
const send = (flowId: string, ids: string[], more: Partial<CreateSendInput> = {}) =>
  sluice.engine.createSend(sendTo(workspaceId, flowId, ids, more));
const sent = () => sluice.providers.sms.calls.map((call) => call.text).toSorted();
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: { code: string; problems?: { path: string; code?: string }[] }) => ({
      code: error.code,
      problems: error.problems?.map(({ path, code }) => [path, code]),
    }),
  );
const executionOf = (contactId: string) =>
  db.owner
    .selectFrom("flow_executions")
    .select(["id", "status", "ended_reason", "variables"])
    .where("contact_id", "=", contactId)
    .executeTakeFirstOrThrow();

describe("a send is refused, and nothing of it is kept", () => {
  test("with everything that is wrong with its values", async () => {
    const [flowId, contactId] = [await build(), await buildContact(db.owner, workspaceId)];
    expect(await refusal(send(flowId, [contactId]))).toEqual({ code: "values_invalid", problems: [["values.amount", "value_needed"]] });
    expect(await refusal(send(flowId, [contactId], { values: { amount: "much", town: "Bonn" } }))).toEqual({
      code: "values_invalid",
      problems: [
        ["values.town", "unknown_value"],
        ["values.amount", "wrong_value"],
      ],
    });
    expect(await refusal(send(flowId, [contactId], { triggerData: { amount: "much" } }))).toEqual({
      code: "values_invalid",
      problems: [["triggerData.amount", "wrong_value"]],
    });
    const plain = await build(chain(node("start"), sms()));
    expect(await refusal(send(plain, [contactId], { values: { amount: 1 } }))).toEqual({
      code: "values_invalid",
      problems: [["values.amount", "unknown_value"]],
    });
    expect(await db.owner.selectFrom("flow_sends").select("id").where("workspace_id", "=", workspaceId).execute()).toEqual([]);
  });

  test("with values of contacts that were not chosen, or that were chosen by a filter", async () => {
    const [flowId, contactId, other] = [
      await build(),
      await buildContact(db.owner, workspaceId),
      await buildContact(db.owner, workspaceId),
    ];
    const contactValues = [{ contactId: other, values: { amount: 1 } }];
    expect(await refusal(send(flowId, [contactId], { values: { amount: 1 }, contactValues }))).toMatchObject({
      problems: [["contactValues.0.contactId", "not_selected"]],
    });
    const selection = { type: "filter" as const, filter: { tests: [] }, excluded: [] };
    expect(await refusal(send(flowId, [], { selection, values: { amount: 1 }, contactValues }))).toMatchObject({
      problems: [["contactValues", "not_selected"]],
    });
  });

  test("with values of more contacts than a condition of thousands of values may be asked of before the answer", async () => {
    const [flowId, ids] = [await build(), await buildContacts(db.owner, workspaceId, 300)];
    const value = Array.from({ length: 1_900 }, (_, at) => `Status ${at}`);
    const condition: CreateSendInput["condition"] = {
      match: "all",
      tests: [{ field: "lead_status", operator: "in", value, caseSensitive: false }],
    };
    const contactValues = [{ contactId: ids[0] as string, values: { city: "Bonn" } }];
    const error = await refusal(send(flowId, ids, { values: { amount: 1 }, contactValues, condition }));
    expect(error?.code).toBe("values_invalid");
  });

  test("where the flow asks for something else since it was looked at, and the answer names it", async () => {
    const [flowId, contactId] = [await build(), await buildContact(db.owner, workspaceId)];
    const seenInputs = [{ name: "amount", label: "Amount", type: "text" as const, required: true }];
    expect(await refusal(send(flowId, [contactId], { values: { amount: 1 }, seenInputs }))).toEqual({
      code: "inputs_changed",
      problems: [
        ["seenInputs.amount", "input_changed"],
        ["seenInputs.city", "input_changed"],
      ],
    });
  });

  test("under an id that a send with other values has", async () => {
    const [flowId, contactId] = [await build(), await buildContact(db.owner, workspaceId)];
    const sendId = "0198d0d0-0000-7000-8000-0000000000aa";
    const first = await send(flowId, [contactId], { sendId, values: { amount: 1 } });
    expect(await send(flowId, [contactId], { sendId, values: { amount: 1 } })).toMatchObject({ sendId: first.sendId, created: false });
    expect(await refusal(send(flowId, [contactId], { sendId, values: { amount: 2 } }))).toMatchObject({ code: "send_mismatch" });
    await sluice.run();
  });
});

describe("the values of a send", () => {
  test("are one for all, and where nothing is given the default", async () => {
    const [flowId, ids] = [await build(), await buildContacts(db.owner, workspaceId, 2)];
    await send(flowId, ids, { values: { amount: "1,200" } });
    await sluice.run();
    expect(sent()).toEqual([expect.stringContaining("1,200 in Berlin"), expect.stringContaining("1,200 in Berlin")]);
  });

  test("are those that a program hands over under the same names, and others stay readable as trigger", async () => {
    const flowId = await build(chain(node("start", { inputs }), sms("{{ input.amount }} {{ trigger.order.id }} {{ trigger.amount }}")));
    await send(flowId, [await buildContact(db.owner, workspaceId)], { triggerData: { amount: 5, order: { id: 7 } } });
    await sluice.run();
    expect(sent()).toEqual(["5 7 5"]);
  });

  test("are read from a field of each contact when they come in, and stay so, with what stands in told in the history", async () => {
    const flowId = await build(chain(node("start", { inputs }), wait(60), sms("{{ input.amount }} in {{ input.city }}")));
    const rich = await buildContact(db.owner, workspaceId, { metadata: { Price: "99", Town: "Bonn" } });
    const poor = await buildContact(db.owner, workspaceId, { metadata: { Price: "a lot" } });
    await send(flowId, [rich, poor], { values: { amount: { field: "custom.price", fallback: 1 }, city: { field: "custom.town" } } });
    await sluice.run();
    await db.owner
      .updateTable("contacts")
      .set({ metadata: JSON.stringify({ Price: "5", Town: "Ulm" }) })
      .where("id", "=", rich)
      .execute();
    await sluice.wait(61);
    expect(sent()).toEqual(["1 in Berlin", "99 in Bonn"]);
    const steps = await db.owner
      .selectFrom("flow_execution_steps")
      .select("result")
      .where("node_type", "=", "start")
      .where("flow_execution_id", "=", (await executionOf(poor)).id)
      .execute();
    expect(steps).toMatchObject([{ result: { variables: { input: { amount: 1, city: "Berlin" } }, standIns: ["amount", "city"] } }]);
  });

  test("are those of a single contact before those for all", async () => {
    const [flowId, ids] = [await build(), await buildContacts(db.owner, workspaceId, 3)];
    const contactValues: CreateSendInput["contactValues"] = [
      { contactId: ids[0] as string, values: { amount: 10, city: "Bonn" } },
      { contactId: ids[1] as string, values: { city: "Ulm" } },
    ];
    const { sendId } = await send(flowId, ids, { values: { amount: 1 }, contactValues });
    await sluice.run();
    expect(sent().map((each) => each.split(": ")[1])).toEqual(expect.arrayContaining(["10 in Bonn", "1 in Ulm", "1 in Berlin"]));
    const { options } = await db.owner.selectFrom("flow_sends").select("options").where("id", "=", sendId).executeTakeFirstOrThrow();
    expect(options).toMatchObject({ given: { amount: 1 }, givenApart: 2 });
    expect(JSON.stringify(options)).not.toContain("Ulm");
  });

  test("decide conditions", async () => {
    const branch = node("condition", {
      branches: [{ id: "much", tests: [{ field: "input.amount", operator: "greater_than", value: 10 }] }],
    });
    const flow: FlowGraph = {
      nodes: [node("start", { inputs }), branch, sms("much", {}, "much"), sms("little", {}, "little")],
      edges: [
        { id: "1", source: "start", target: "condition" },
        { id: "2", source: "condition", sourceHandle: "much", target: "much" },
        { id: "3", source: "condition", sourceHandle: "otherwise", target: "little" },
      ],
    };
    const flowId = await build(flow);
    await send(flowId, [await buildContact(db.owner, workspaceId)], { values: { amount: 20 } });
    await sluice.run();
    expect(sent()).toEqual(["much"]);
  });

  test("go with their contact", async () => {
    const [flowId, contactId] = [await build(), await buildContact(db.owner, workspaceId)];
    const other = await buildContact(db.owner, workspaceId);
    const { sendId } = await send(flowId, [contactId, other], {
      values: { amount: 1 },
      contactValues: [{ contactId, values: { city: "Canarytown" } }],
    });
    await sluice.run();
    await eraseAtOnce(sluice, { workspaceId, ids: [contactId, other] });
    const rows = await db.owner.selectFrom("flow_executions").select("variables").where("send_id", "=", sendId).execute();
    expect(rows).toEqual([{ variables: null }, { variables: null }]);
    const { options } = await db.owner.selectFrom("flow_sends").select("options").where("id", "=", sendId).executeTakeFirstOrThrow();
    expect(options).not.toHaveProperty("given");
  });
});

describe("a flow that another one starts", () => {
  const parentOf = (child: string, values: { name: string; value: string }[]) =>
    build(chain(node("start"), node("start_flow", { flowId: child, values })));

  test("takes what it asks for from what it is handed", async () => {
    const contactId = await buildContact(db.owner, workspaceId);
    await send(await parentOf(await build(), [{ name: "amount", value: "12" }]), [contactId]);
    await sluice.run();
    expect(sent()).toEqual([expect.stringContaining("12 in Berlin")]);
  });

  test("fails at its start for a contact without what is needed", async () => {
    const contactId = await buildContact(db.owner, workspaceId);
    const child = await build();
    await send(await parentOf(child, []), [contactId]);
    await sluice.run();
    const failed = await db.owner.selectFrom("flow_executions").select(["status", "ended_reason"]).where("flow_id", "=", child).execute();
    expect(failed).toEqual([{ status: "failed", ended_reason: "input_missing" }]);
  });
});

test("a retry keeps the values that were taken", async () => {
  const flowId = await build(chain(node("start", { inputs }), sms("{{ input.amount }} in {{ input.city }} {{ custom.code }}")));
  const contactId = await buildContact(db.owner, workspaceId, { metadata: { price: 3, code: "A" } });
  sluice.providers.sms.answer({ outcome: "rejected", reason: "provider_rejected", message: "no", retryable: false });
  const { sendId } = await send(flowId, [contactId], { values: { amount: { field: "custom.price", fallback: 1 } } });
  await sluice.run();
  await db.owner
    .updateTable("contacts")
    .set({ metadata: JSON.stringify({ price: 9, code: "A" }) })
    .where("id", "=", contactId)
    .execute();
  sluice.providers.sms.answer();
  await sluice.engine.retry({ workspaceId, sendId });
  await sluice.run();
  expect(sluice.providers.sms.calls.map((call) => call.text)).toEqual(["3 in Berlin A", "3 in Berlin A"]);
});

test("a forecast judges the values as a send does, and walks with them", async () => {
  const ids = await buildContacts(db.owner, workspaceId, 2);
  const long = chain(node("start", { inputs: [{ name: "text", label: "Text", type: "text", required: true }] }), sms("{{ input.text }}"));
  expect(await refusal(look(long))).toMatchObject({ code: "values_invalid" });
  expect(await look(long, { values: { text: "short" } })).toMatchObject({ channels: [{ messages: 2, segments: 2 }] });
  const selection = { type: "ids" as const, ids };
  const contactValues = [{ contactId: ids[0] as string, values: { text: "x".repeat(200) } }];
  expect(await look(long, { selection, values: { text: "short" }, contactValues })).toMatchObject({
    channels: [{ messages: 2, segments: 3 }],
  });
});
