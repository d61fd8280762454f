import { parse } from "csv-parse/sync";
import { strFromU8, unzipSync } from "fflate";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Send } from "#contract/sends.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";
import { expectTotalsToAddUp } from "#test/totals.ts";

let app: TestApp;
let editor: Client;
let flowId: string;
let people: string[];

beforeAll(async () => {
  app = await startTestApp();
  await app.resources.engine.start();
  editor = await app.ours.as("editor");
  flowId = await buildFlow(app.db.owner, app.ours.workspaceId, chain(node("start"), sms("Hi"), wait(3_600), node("end")), "Letter");
  people = await buildContacts(app.db.owner, app.ours.workspaceId, 6);
});
afterEach(() => expectTotalsToAddUp(app.db.owner));
afterAll(async () => {
  await app.resources.engine.stop();
  await app.stop();
});

const post = (more: Record<string, unknown>, client = editor) =>
  client.post("/api/sends", { flowId, selection: { type: "ids", ids: people }, undoSeconds: 0, ...more });
async function begin(canary: Record<string, unknown> = { contacts: 2 }): Promise<string> {
  const { status, body } = await post({ canary });
  expect([status, body.error]).toEqual([202, undefined]);
  await app.driver.runUntilIdle();
  await app.resources.engine.tendCanaries();
  return body.send.id;
}
const end = async (id: string) => {
  await editor.post(`/api/sends/${id}/stop`, {});
  await app.driver.runUntilIdle();
};

test.each([
  ["no contact", { contacts: 0 }, "canary.contacts"],
  ["more than a thousand", { contacts: 1_001 }, "canary.contacts"],
  ["half of all", { percent: 50 }, "canary.percent"],
  ["a number and a percentage", { contacts: 5, percent: 1 }, "canary.percent"],
  ["more than a day", { minutes: 1_441 }, "canary.minutes"],
  ["limits of its own", { failurePercent: 50 }, "canary.failurePercent"],
])("beginning with %s is refused", async (_, canary, path) => {
  const { status, body } = await post({ canary });
  expect([status, body.problems?.map((problem: { path: string }) => problem.path)]).toEqual([400, [path]]);
});

test("what is left out is as the workspace has it, which is settled with the send", async () => {
  const admin = await app.ours.as("admin");
  const { body: rules } = await admin.get("/api/workspace/sending-rules");
  const canary = { contacts: 4, percent: 2, minutes: 30, failurePercent: 5, optOutPercent: 1, suggestAbove: 500 };
  expect((await admin.put("/api/workspace/sending-rules", { ...rules, canary })).body.canary).toEqual(canary);
  const id = await begin({});
  await admin.put("/api/workspace/sending-rules", rules);
  const { body } = await editor.get(`/api/sends/${id}`);
  expect(body.canary).toMatchObject({ contacts: 4, percent: null, minutes: 30, failurePercent: 5, optOutPercent: 1, few: 4 });
  await end(id);
});

test("a send that begins with everybody says so", async () => {
  const { body } = await post({});
  expect(body.send.canary).toBeNull();
  await end(body.send.id);
});

describe("while the rest waits", () => {
  test("the send, the queue and the history say so", async () => {
    const id = await begin();
    const { body } = await editor.get(`/api/sends/${id}`);
    expect(Send.parse(body)).toMatchObject({ state: "canary", canary: { few: 2, seen: { begun: 2 }, version: 1, newerVersion: null } });
    const { body: list } = await editor.get("/api/sends?state=canary");
    expect(list.items.map((send: { id: string }) => send.id)).toEqual([id]);
    const { body: queue } = await editor.get("/api/queue");
    expect(queue.sends.find((send: { id: string }) => send.id === id)).toMatchObject({ state: "canary", active: 6, waiting: 2, held: 4 });
    const { body: history } = await editor.get(`/api/executions?sendId=${id}`);
    const waits = history.items.map(({ waitingFor }: { waitingFor: string }) => waitingFor).toSorted();
    expect(waits).toEqual(["hold", "hold", "hold", "hold", "time", "time"]);
    await end(id);
  });

  test("a viewer cannot let it follow; an editor can, and the audit log names them with what was seen", async () => {
    const id = await begin();
    const viewer = await app.ours.as("viewer");
    expect((await viewer.post(`/api/sends/${id}/canary/open`, {})).status).toBe(403);
    const { status, body } = await editor.post(`/api/sends/${id}/canary/open`, {});
    expect([status, body.state, body.canary.openedBy, typeof body.canary.openedByName]).toEqual([200, "running", "person", "string"]);
    const admin = await app.ours.as("admin");
    const { body: log } = await admin.get("/api/audit-log?subjectType=send");
    expect(log.items.find(({ action }: { action: string }) => action === "send.open_canary")).toMatchObject({
      subjectId: id,
      details: { few: 2, seen: { begun: 2 }, wasHeld: false },
    });
    await end(id);
  });

  test("the evidence holds the terms, who the few were, and who decided", async () => {
    const id = await begin();
    await editor.post(`/api/sends/${id}/canary/open`, {});
    await app.driver.runUntilIdle();
    const admin = await app.ours.as("admin");
    const response = await admin.fetch(`/api/sends/${id}/evidence`);
    const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
    const text = (name: string) => strFromU8(files[name] as Uint8Array);
    expect(JSON.parse(text("send.json")).send.canary).toMatchObject({ contacts: 2, minutes: 15, few: 2, openedBy: "person" });
    expect(JSON.parse(text("acts.json")).map(({ action }: { action: string }) => action)).toContain("send.open_canary");
    const enrolled: Record<string, string>[] = parse(text("enrolled.csv"), { columns: true, bom: true });
    expect(enrolled.map((line) => line.began_with_the_few).toSorted()).toEqual(["", "", "", "", "yes", "yes"]);
    await end(id);
  });
});
