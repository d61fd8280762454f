import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContact, buildFlow } from "#test/factories.ts";
import { chain, node, sms, wait } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let editor: Client;
let contactId: string;

beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
  const { workspaceId } = app.ours;
  contactId = await buildContact(app.db.owner, workspaceId, { firstname: "Ann" });
  const flowId = await buildFlow(app.db.owner, workspaceId, chain(node("start"), wait(86_400), sms("Hi")), "Welcome");
  await editor.post("/api/sends", { flowId, selection: named(contactId), undoSeconds: 0 });
  await app.driver.runUntilIdle();
});
afterAll(() => app.stop());

const named = (...ids: string[]) => ({ type: "ids", ids });
const ask = (selection: object, client = editor) => client.post("/api/collisions", { selection });

test("it is refused to viewers, to keys that lack a scope, and for contacts of another workspace", async () => {
  expect((await ask(named(contactId), await app.ours.as("viewer"))).status).toBe(403);
  const all = ["flows:send", "contacts:read", "flows:read", "executions:read"] as const;
  for (const left of all) {
    const key = await app.ours.key(all.filter((scope) => scope !== left));
    expect((await ask(named(contactId), key)).status, left).toBe(403);
  }
  expect((await ask(named(contactId), await app.ours.key(all))).status).toBe(200);
  const theirs = await ask(named(contactId), await app.theirs.as("owner"));
  const nobody = await ask(named(randomUUID()), await app.theirs.as("owner"));
  expect([theirs.status, theirs.text.replace(/"requestId":"[^"]*"/, "")]).toEqual([
    nobody.status,
    nobody.text.replace(/"requestId":"[^"]*"/, ""),
  ]);
  expect(theirs.body.code).toBe("nothing_selected");
});

test("ten thousand ids, and what is no selection, are refused before anything is walked", async () => {
  const many = await ask(named(...Array.from({ length: 10_000 }, () => randomUUID())));
  expect([400, 409, 413, 422]).toContain(many.status);
  expect((await editor.post("/api/collisions", { selection: named(contactId), days: 400 })).body.code).toBe("invalid_request");
  expect((await ask({ type: "ids", ids: ["x"] })).body.code).toBe("invalid_request");
});

test("it tells what a contact gets by day and flow", async () => {
  const { body } = await ask(named(contactId));
  expect(body).toMatchObject({ contacts: 1, planned: 1, who: [{ contactId, messages: 1, isFull: false }] });
  expect(body.days).toHaveLength(7);
  expect(body.days[1].flows).toMatchObject([{ flowName: "Welcome", messages: 1 }]);
});

test("who is left out by name is a skip with the reason, and the forecast and the count tell the same", async () => {
  const { workspaceId } = app.ours;
  const other = await buildContact(app.db.owner, workspaceId);
  const flowId = await buildFlow(app.db.owner, workspaceId, chain(node("start"), sms("Hi")));
  const chosen = { flowId, selection: named(contactId, other), exclude: { contacts: [contactId.toUpperCase(), contactId] } };
  const left = [{ reason: "left_out", contacts: 1 }];
  expect((await editor.post("/api/sends/preview", chosen)).body.notEnrolled).toEqual(left);
  expect((await editor.post("/api/forecasts", chosen)).body.forecast).toMatchObject({ willStart: 1, willNotStart: left });
  const { body } = await editor.post("/api/sends", { ...chosen, undoSeconds: 0 });
  expect(body.send).toMatchObject({ total: 2, enrolled: 1, notEnrolled: 1 });
  expect((await editor.get(`/api/sends/${body.send.id}/skips`)).body.items).toMatchObject([{ contactId, reason: "left_out" }]);
  expect((await editor.get(`/api/sends/${body.send.id}/terms`)).body.exclude).toEqual({ contacts: [contactId] });
  const many = { ...chosen, exclude: { contacts: Array.from({ length: 1_001 }, () => randomUUID()) } };
  expect((await editor.post("/api/sends", many)).body.code).toBe("invalid_request");
  const saved = { name: "Mine", flowId, terms: { filter: { tests: [] }, exclude: { contacts: [contactId] } } };
  expect((await editor.post("/api/saved-launches", saved)).body.code).toBe("invalid_request");
});

test("whoever closes the dialog while it is looked at ends the walk, and nobody is told of a mistake", async () => {
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const { engine } = app.resources;
  const { findCollisions } = engine;
  engine.findCollisions = ({ signal }) => {
    begun.resolve();
    return new Promise((_, reject) =>
      signal?.addEventListener("abort", () => {
        reject(signal.reason);
        ended.resolve();
      }),
    );
  };
  try {
    const control = new AbortController();
    const headers = { "content-type": "application/json" };
    const request = { method: "POST", headers, body: JSON.stringify({ selection: named(contactId) }), signal: control.signal };
    const asking = editor.fetch("/api/collisions", request).catch(() => undefined);
    await begun.promise;
    control.abort();
    await Promise.all([ended.promise, asking]);
  } finally {
    engine.findCollisions = findCollisions;
  }
  expect((await ask(named(contactId))).status).toBe(200);
  expect(app.logged.filter((line) => line.includes("a mistake of ours"))).toEqual([]);
});
