import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { chain, email, graph, node, sms, wait } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let owner: Client;
let flowId: string;
let contactId: string;

const startAt = "2027-03-01T09:00:00Z";
const day = 86_400;
const simulate = (client: Client, body: object, id = flowId) => client.post(`/api/flows/${id}/simulations`, body);
const pathOf = ({ steps }: { steps: { nodeId: string; status: string; exit: string | null; reason: string | null }[] }) =>
  steps.filter(({ status }) => status !== "waiting").map(({ nodeId, reason, exit }) => `${nodeId}:${reason ?? exit}`);

beforeAll(async () => {
  app = await startTestApp();
  owner = await app.ours.as("owner");
  const flow = chain(node("start"), wait(2 * day), sms("Hi {{ firstname }}"), node("end"));
  flowId = (await owner.post("/api/flows", { name: "Live", ...flow })).body.id;
  const ada = { firstname: "Ada", lastname: "Lovelace", phoneNumber: "+12025550123", email: "ada@example.com" };
  contactId = (await owner.post("/api/contacts", ada)).body.id;
});
afterAll(() => app.stop());

test("a key without the right to read contacts is refused", async () => {
  const answer = await simulate(await app.ours.key(["flows:read"]), { contact: { id: contactId } });
  expect(answer).toMatchObject({ status: 403, body: { code: "forbidden" } });
});

test("flows and contacts of another workspace are not there", async () => {
  const stranger = await app.theirs.as("owner");
  expect(await simulate(stranger, { contact: { id: contactId } })).toMatchObject({ status: 404, body: { code: "flow_not_found" } });
  const theirs = (await stranger.post("/api/contacts", { firstname: "Eve", lastname: "Else" })).body.id;
  expect(await simulate(owner, { contact: { id: theirs } })).toMatchObject({ status: 404, body: { code: "contact_not_found" } });
});

test("what is wrong with the request is told all at once", async () => {
  const contact = { fields: { firstname: "T", email: "no address", phoneNumber: "12" } };
  const { status, body } = await simulate(owner, { contact });
  expect(status).toBe(400);
  expect(body.problems.map(({ path }: { path: string }) => path).sort()).toEqual(["email", "phoneNumber"]);
  const shares = { start: "a", nowhere: "b" };
  expect((await simulate(owner, { contact: { id: contactId }, shares })).body).toMatchObject({
    code: "invalid_request",
    problems: [{ path: "shares.start" }, { path: "shares.nowhere" }],
  });
});

test("a graph with errors is refused with its problems", async () => {
  const broken = chain(node("start"), node("send_sms", {}));
  const answer = await simulate(owner, { contact: { id: contactId }, graph: broken });
  expect(answer).toMatchObject({ status: 422, body: { code: "flow_invalid", problems: [{ path: "nodes.send_sms" }] } });
});

test("what is edited is simulated unless what is live is asked for, by a viewer too", async () => {
  const { revision } = (await owner.get(`/api/flows/${flowId}/draft`)).body;
  const put = [sms("Draft for {{ firstname }}")];
  expect((await owner.patch(`/api/flows/${flowId}/draft`, { baseRevision: revision, nodes: { put } })).status).toBe(200);
  const textOf = async (of: string) => {
    const { status, body } = await simulate(await app.ours.as("viewer"), { of, startAt, contact: { id: contactId } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ end: "over", status: "completed", startedAt: "2027-03-01T09:00:00.000Z" });
    expect(body.endedAt).toMatch(/^2027-03-03T09:00:0/);
    return body.steps.find(({ nodeId }: { nodeId: string }) => nodeId === "sms").message.text;
  };
  expect(await textOf("draft")).toBe("Draft for Ada");
  expect(await textOf("live")).toBe("Hi Ada");
});

test("events, answers, shares and the typed contact are those of the request", async () => {
  const shares = ["a", "b"].map((id) => ({ id, label: id, percent: 50 }));
  const split = graph(
    [node("start"), node("split", { shares }), wait(2 * day), sms(), email()],
    "start > split",
    "split:a > delay",
    "split:b > email",
    "delay > sms",
  );
  const contact = { fields: { firstname: "Typed", phoneNumber: "(202) 555-0123", email: "typed@example.com" } };
  const events = [
    { type: "change", afterSeconds: 2 * day, fields: { firstname: "Late" } },
    { type: "stop", afterSeconds: day, channel: "sms" },
  ];
  const first = (await simulate(owner, { graph: split, startAt, contact, events, shares: { split: "a" } })).body;
  expect(pathOf(first)).toEqual(["start:next", "split:a", "delay:next", "sms:opted_out_sms"]);
  expect(first.events[0]).toMatchObject({ at: "2027-03-02T09:00:00.000Z", event: { type: "stop" } });
  const second = (await simulate(owner, { graph: split, startAt, contact, shares: { split: "b" } })).body;
  expect(pathOf(second)).toEqual(["start:next", "split:b", "email:sent"]);
});

test("nothing of it stays", async () => {
  const { body } = await owner.get("/api/contacts");
  expect(body.items.map(({ firstname }: { firstname: string }) => firstname)).toEqual(["Ada"]);
  expect((await owner.get("/api/sends")).body.items).toEqual([]);
});
