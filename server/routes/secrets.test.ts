import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { workspaceSecretPlace } from "#db/queries/workspace-secrets.ts";
import { createSecretBox } from "#db/secret-box.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import type { Client } from "#test/http-client.ts";

const canary = "canary-secret-4711";
let app: TestApp;
let admin: Client;
beforeAll(async () => {
  app = await startTestApp();
  admin = await app.ours.as("admin");
});
afterAll(() => app.stop());

describe("are refused", () => {
  test("to editors, who may see the names, and to viewers, who may not", async () => {
    const editor = await app.ours.as("editor");
    expect((await editor.put("/api/secrets/key", { value: "x" })).status).toBe(403);
    expect((await editor.delete("/api/secrets/key")).status).toBe(403);
    expect((await editor.get("/api/secrets")).status).toBe(200);
    expect((await (await app.ours.as("viewer")).get("/api/secrets")).status).toBe(403);
  });

  test.each(["1key", "_key", "key-2", "key.x", "a".repeat(61), "ключ"])("under the name %s", async (name) => {
    expect((await admin.put(`/api/secrets/${encodeURIComponent(name)}`, { value: "x" })).status).toBe(400);
  });

  test.each(["", "two\nlines", "bell\u0007", "ключ", "x".repeat(4097)])("with the value %j", async (value) => {
    expect((await admin.put("/api/secrets/key", { value })).status).toBe(400);
  });

  test("beyond the hundredth", async () => {
    const { workspaceId } = app.theirs;
    const values = Array.from({ length: 100 }, (_, index) => ({ workspace_id: workspaceId, name: `n${index}`, secret: "sealed" }));
    await app.db.owner.insertInto("workspace_secrets").values(values).execute();
    const theirs = await app.theirs.as("admin");
    expect(await theirs.put("/api/secrets/one_more", { value: "x" })).toMatchObject({ status: 409 });
    expect(await theirs.put("/api/secrets/n7", { value: "x" })).toMatchObject({ status: 200 });
  });
});

test("a secret is stored sealed for its place, listed by name, replaced and deleted, and nobody gets its value back", async () => {
  const { workspaceId } = app.ours;
  expect((await admin.put("/api/secrets/billing", { value: "first" })).status).toBe(200);
  expect((await admin.put("/api/secrets/billing", { value: canary })).status).toBe(200);
  const { body } = await admin.get("/api/secrets");
  expect(body.items).toEqual([{ name: "billing", updatedBy: expect.any(String), updatedAt: expect.any(String) }]);
  const rows = await app.db.owner.selectFrom("workspace_secrets").selectAll().where("workspace_id", "=", workspaceId).execute();
  expect(JSON.stringify(rows)).not.toContain(canary);
  const box = createSecretBox(app.resources.masterKey);
  expect(box.open(workspaceSecretPlace({ workspaceId, name: "billing" }), rows[0]?.secret ?? "")).toBe(canary);
  const audit = await app.db.owner.selectFrom("audit_log").selectAll().where("workspace_id", "=", workspaceId).execute();
  expect(audit.filter(({ action }) => action === "secret.set")).toHaveLength(2);
  expect(JSON.stringify(audit)).not.toContain(canary);
  expect((await admin.delete("/api/secrets/billing")).status).toBe(200);
  expect((await admin.delete("/api/secrets/billing")).status).toBe(404);
});
