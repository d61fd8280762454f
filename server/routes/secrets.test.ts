import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { workspaceSecretPlace } from "#db/queries/workspace-secrets.ts";
import { createSecretBox } from "#db/secret-box.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import type { Client } from "#test/http-client.ts";

const canary = "canary-secret-4711";
const hosts = ["api.example.com"];
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
    expect((await editor.put("/api/secrets/key", { value: "x", hosts })).status).toBe(403);
    expect((await editor.delete("/api/secrets/key")).status).toBe(403);
    expect((await editor.get("/api/secrets")).status).toBe(200);
    expect((await (await app.ours.as("viewer")).get("/api/secrets")).status).toBe(403);
  });

  test.each(["1key", "_key", "key-2", "key.x", "a".repeat(61), "ключ"])("under the name %s", async (name) => {
    expect((await admin.put(`/api/secrets/${encodeURIComponent(name)}`, { value: "x", hosts })).status).toBe(400);
  });

  test.each(["", "two\nlines", "bell\u0007", "ключ", "x".repeat(4097)])("with the value %j", async (value) => {
    expect((await admin.put("/api/secrets/key", { value, hosts })).status).toBe(400);
  });

  test.each([
    ["no host", []],
    ["any host", ["*"]],
    ["all hosts of a domain", ["*.example.com"]],
    ["a path", ["api.example.com/v1"]],
    ["a person in the address", ["me@api.example.com"]],
    ["another scheme", ["ftp://api.example.com"]],
    ["a blank", [" "]],
    ["a port that there is not", ["api.example.com:99999"]],
    ["21 hosts", Array.from({ length: 21 }, (_, at) => `h${at}.example.com`)],
  ])("with %s to go to", async (_what, named) => {
    expect((await admin.put("/api/secrets/key", { value: "x", hosts: named })).body).toMatchObject({ code: "invalid_request" });
  });

  test("without the value, so that a stored secret cannot be aimed at another host", async () => {
    expect((await admin.put("/api/secrets/key", { hosts })).status).toBe(400);
  });

  test("beyond the hundredth", async () => {
    const { workspaceId } = app.theirs;
    const values = Array.from({ length: 100 }, (_, index) => ({ workspace_id: workspaceId, name: `n${index}`, secret: "sealed" }));
    await app.db.owner.insertInto("workspace_secrets").values(values).execute();
    const theirs = await app.theirs.as("admin");
    expect(await theirs.put("/api/secrets/one_more", { value: "x", hosts })).toMatchObject({ status: 409 });
    expect(await theirs.put("/api/secrets/n7", { value: "x", hosts })).toMatchObject({ status: 200 });
  });
});

test("a secret is stored sealed for its place, listed by name, replaced and deleted, and nobody gets its value back", async () => {
  const { workspaceId } = app.ours;
  expect((await admin.put("/api/secrets/billing", { value: "first", hosts })).status).toBe(200);
  expect(
    (
      await admin.put("/api/secrets/billing", {
        value: canary,
        hosts: ["https://API.example.com/", "api.example.com:443", "bücher.example:8443"],
      })
    ).status,
  ).toBe(200);
  const { body } = await admin.get("/api/secrets");
  expect(body.items).toEqual([
    {
      name: "billing",
      hosts: ["api.example.com", "xn--bcher-kva.example:8443"],
      updatedBy: expect.any(String),
      updatedAt: expect.any(String),
    },
  ]);
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

test("there are never more than a hundred, however many are set at once; a stored one can still be replaced", async () => {
  const tenant = await app.createTenant("Full");
  const owner = await tenant.as("owner");
  await app.db.owner
    .insertInto("workspace_secrets")
    .values(Array.from({ length: 97 }, (_, number) => ({ workspace_id: tenant.workspaceId, name: `s${number}`, secret: "sealed" })))
    .execute();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, number) => owner.put(`/api/secrets/new${number}`, { value: "x", hosts })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
  expect(new Set(answers.filter(({ status }) => status !== 200).map(({ status, body }) => `${status} ${body.code}`))).toEqual(
    new Set(["409 conflict"]),
  );
  expect((await owner.get("/api/secrets")).body.items).toHaveLength(100);
  expect((await owner.put("/api/secrets/s0", { value: "other", hosts })).status).toBe(200);
});
