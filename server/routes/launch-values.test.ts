import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, node, sms } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let editor: Client;
let flowId: string;
let ada: string;
let bea: string;

const inputs = [
  { name: "amount", label: "Amount", type: "number", required: true },
  { name: "colour", label: "Colour", type: "choice", choices: ["Red", "Blue"], default: "Red" },
];
beforeAll(async () => {
  app = await startTestApp();
  await app.resources.engine.start();
  editor = await app.ours.as("editor");
  const { workspaceId } = app.ours;
  flowId = await buildFlow(app.db.owner, workspaceId, chain(node("start", { inputs }), sms("{{ input.amount }} {{ input.colour }}")));
  ada = await buildContact(app.db.owner, workspaceId, { firstname: "Ada", lastname: "Lovelace" });
  bea = await buildContact(app.db.owner, workspaceId, { firstname: "Bea", lastname: "Smith" });
});
afterAll(async () => {
  await app.resources.engine.stop();
  await app.stop();
});

const ids = (...all: string[]) => ({ type: "ids", ids: all });
const bodies = async (sendId: string) => {
  await app.driver.runUntilIdle();
  const rows = await app.db.owner.selectFrom("messages").select("body").where("send_id", "=", sendId).execute();
  return rows.map(({ body }) => body).toSorted();
};

describe("a request with values", () => {
  test("is told every problem at once, each at its place", async () => {
    const { status, body } = await editor.post("/api/sends", {
      flowId,
      selection: ids(ada),
      values: { amount: "abc", colour: "Green", size: 1 },
      contactValues: [{ contactId: bea, values: { amount: 1 } }],
    });
    expect([status, body.code]).toEqual([422, "values_invalid"]);
    expect(body.problems.map(({ path }: { path: string }) => path)).toEqual([
      "values.size",
      "values.amount",
      "values.colour",
      "contactValues.0.contactId",
    ]);
  });

  test("is refused for its form with ten thousand rows, names of a hundred characters more, and values that are objects", async () => {
    const contactValues = Array.from({ length: 10_000 }, () => ({ contactId: randomUUID(), values: {} }));
    const many = await editor.post("/api/sends", { flowId, selection: ids(ada), contactValues });
    expect([400, 413]).toContain(many.status);
    for (const values of [{ ["a".repeat(101)]: 1 }, { amount: { a: 1 } }, { amount: [1] }]) {
      const { status, body } = await editor.post("/api/sends", { flowId, selection: ids(ada), values });
      expect([status, body.code], JSON.stringify(values)).toEqual([400, "invalid_request"]);
    }
  });

  test("is refused where the flow was changed since it was looked at, in words that name the change", async () => {
    const seenInputs = inputs.map((input) => (input.name === "amount" ? { ...input, type: "text" } : input));
    const { status, body } = await editor.post("/api/sends", { flowId, selection: ids(ada), values: { amount: 1 }, seenInputs });
    expect([status, body.code]).toEqual([409, "inputs_changed"]);
    expect(body.problems).toMatchObject([{ path: "seenInputs.amount", message: "“Amount” takes another kind of value." }]);
  });

  test("sends them, and the send tells them afterwards with the exclusions and the condition", async () => {
    const condition = { match: "all", tests: [{ field: "firstname", operator: "is_not_empty" }] };
    const sent = await editor.post("/api/sends", {
      flowId,
      selection: ids(ada, bea),
      values: { amount: { field: "custom.price", fallback: 3 } },
      contactValues: [{ contactId: bea, values: { amount: 5, colour: "blue" } }],
      seenInputs: inputs,
      exclude: { messagedDays: 7 },
      condition,
      undoSeconds: 0,
    });
    expect(sent.status).toBe(202);
    expect(await bodies(sent.body.send.id)).toEqual(["3 Red", "5 Blue"]);
    const terms = await (await app.ours.as("viewer")).get(`/api/sends/${sent.body.send.id}/terms`);
    expect(terms.body).toMatchObject({
      exclude: { messagedDays: 7 },
      condition: { tests: [{ field: "firstname" }] },
      values: [{ name: "amount", label: "Amount", value: null, field: "custom.price", fallback: 3 }],
      ownValues: 1,
    });
    expect((await editor.get(`/api/sends/${randomUUID()}/terms`)).body.code).toBe("send_not_found");
  });

  test("is judged by a forecast in the same words, and shown in the message that is looked at before", async () => {
    const refused = await editor.post("/api/forecasts", { flowId, selection: ids(ada), values: { amount: "abc" } });
    expect([refused.status, refused.body.code]).toEqual([422, "values_invalid"]);
    const { body } = await editor.post("/api/forecasts", { flowId, selection: ids(ada), values: { amount: 1 } });
    expect(body).toMatchObject({ state: "done", forecast: { willStart: 1 } });
    const one = await editor.post("/api/forecasts/contact", { flowId, contactId: ada, values: { amount: 8 } });
    expect(one.body.steps.map(({ message }: { message: { text: string } | null }) => message?.text)).toContain("8 Red");
    const preview = (values: object) => editor.post(`/api/flows/${flowId}/message-preview`, { nodeId: "sms", selection: ids(ada), values });
    expect((await preview({ amount: 9 })).body.message?.text).toBe("9 Red");
    expect((await preview({ amount: "x" })).body.missing).toEqual([
      { field: "input.amount", from: "input" },
      { field: "input.colour", from: "input" },
    ]);
  });
});

test("the founding document's routes fill the same values by triggerData, and are refused in the same words", async () => {
  const key = await app.ours.key(["flows:send"]);
  const path = `/api/workflows/${flowId}/execute`;
  expect((await key.post(path, { contactId: ada })).body).toMatchObject({ code: "values_invalid", problems: [{ path: "values.amount" }] });
  expect((await key.post(path, { contactId: ada, triggerData: { amount: "x" } })).body.problems).toMatchObject([
    { path: "triggerData.amount" },
  ]);
  const started = await key.post(path, { contactId: ada, triggerData: { amount: 4, note: "kept" } });
  expect(started.status).toBe(200);
  await app.driver.runUntilIdle();
  const [message] = await app.db.owner.selectFrom("messages").select("body").where("flow_execution_id", "=", started.body.taskId).execute();
  expect(message).toEqual({ body: "4 Red" });
});

test("a simulation has a sample for what nobody gave, and takes what is given", async () => {
  const simulate = (values?: object) =>
    editor.post(`/api/flows/${flowId}/simulations`, {
      of: "live",
      contact: { fields: { firstname: "Sam", phoneNumber: "+12025550177" } },
      values,
    });
  const texts = (answer: Awaited<ReturnType<typeof simulate>>) =>
    answer.body.steps.flatMap(({ message }: { message: { text: string } | null }) => message?.text ?? []);
  expect(texts(await simulate())).toEqual(["1234 Red"]);
  expect(texts(await simulate({ amount: 6, colour: "Blue" }))).toEqual(["6 Blue"]);
});

test("contacts are named in the order of their ids, and those of others are nobody", async () => {
  const stranger = await buildContact(app.db.owner, app.theirs.workspaceId);
  const { body } = await editor.post("/api/contacts/names", { ids: [bea, stranger, ada] });
  expect(body.items.map(({ id, name }: { id: string; name: string }) => [id, name])).toEqual([
    [bea, "Bea Smith"],
    [ada, "Ada Lovelace"],
  ]);
  expect((await editor.post("/api/contacts/names", { ids: [] })).status).toBe(400);
});
