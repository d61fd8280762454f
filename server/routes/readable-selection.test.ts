import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContacts, buildFlow } from "#test/factories.ts";
import { chain, node } from "#test/graphs.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const graph = chain(node("start"), node("end"));

describe("a key that may not read contacts learns no count of a filter,", () => {
  const filter = { type: "filter", filter: { tests: [] }, excluded: [] };

  test("not by a send: it names contacts by their ids", async () => {
    const key = await app.theirs.key(["flows:send"]);
    const theirFlow = await buildFlow(app.db.owner, app.theirs.workspaceId, graph);
    const theirIds = await buildContacts(app.db.owner, app.theirs.workspaceId, 2);
    const refused = await key.post("/api/sends", { flowId: theirFlow, selection: filter });
    expect([refused.status, refused.body.code]).toEqual([403, "forbidden"]);
    expect(refused.body.error).toContain("contacts:read");
    expect((await key.post("/api/sends", { flowId: theirFlow, selection: { type: "ids", ids: theirIds } })).status).toBe(202);
    for (const whoNot of [
      { exclude: { messagedDays: 7 } },
      { condition: { tests: [{ field: "email", operator: "contains", value: "@" }] } },
    ]) {
      const asked = await key.post("/api/sends", { flowId: theirFlow, selection: { type: "ids", ids: theirIds }, ...whoNot });
      expect([asked.status, asked.body.code]).toEqual([403, "forbidden"]);
    }
    const reader = await app.theirs.key(["flows:send", "contacts:read"]);
    expect((await reader.post("/api/sends", { flowId: theirFlow, selection: filter })).status).toBe(202);
  });

  test("and not by a change of many contacts", async () => {
    const key = await app.theirs.key(["contacts:write"]);
    const action = { type: "change_status", leadStatus: "New" };
    const answer = await key.post("/api/contacts/bulk", { selection: filter, action });
    expect([answer.status, answer.body.code]).toEqual([403, "forbidden"]);
    const job = await key.post("/api/bulk-jobs", { jobId: randomUUID(), selection: filter, action: { type: "delete" } });
    expect(job.status).toBe(403);
  });
});

describe("a key that may not read contacts is told of a contact what it sent, and nothing else,", () => {
  const hidden = { lastname: "Hidden", email: "hidden@example.test", metadata: { plan: "hidden", since: "hidden" }, dnc: true };

  test("by the answer to a change", async () => {
    const editor = await app.ours.as("editor");
    const { id } = (await editor.post("/api/contacts", { firstname: "Before", ...hidden })).body;
    const sent = { firstname: "After", metadata: { plan: "gold" }, smsOptedOut: true };
    const writer = await app.ours.key(["contacts:write"]);
    const { status, body } = await writer.patch(`/api/contacts/${id}`, sent);
    expect({ status, body }).toEqual({ status: 200, body: { id, ...sent } });
    const reader = await app.ours.key(["contacts:write", "contacts:read"]);
    expect((await reader.patch(`/api/contacts/${id}`, sent)).body).toEqual((await editor.get(`/api/contacts/${id}`)).body);
    expect((await editor.get(`/api/contacts/${id}`)).body).toMatchObject({
      ...{ firstname: "After", lastname: "Hidden", dnc: true, smsOptedOutAt: expect.any(String) },
      metadata: { plan: "gold", since: "hidden" },
    });
  });

  test("nor by that to a new one, which may have an address that refused messages before", async () => {
    const [editor, owner] = [await app.ours.as("editor"), await app.ours.as("owner")];
    const { id: gone } = (await editor.post("/api/contacts", { email: "refused@example.test", emailOptedOut: true })).body;
    await editor.delete(`/api/contacts/${gone}`);
    await owner.post("/api/bin/erase", { ids: [gone] });
    const writer = await app.ours.key(["contacts:write"]);
    const { status, body } = await writer.post("/api/contacts", { email: "refused@example.test" });
    expect({ status, body }).toEqual({
      status: 201,
      body: { id: expect.any(String), email: "refused@example.test", firstname: "", lastname: "" },
    });
    expect((await editor.get(`/api/contacts/${body.id}`)).body).toMatchObject({ emailOptedOutAt: expect.any(String) });
  });
});

test.each(["/api/executions", "/api/executions/export", "/api/steps", "/api/steps/export"])(
  "a key that may not read contacts searches nothing in %s, because the hits would spell out their addresses",
  async (path) => {
    const key = await app.theirs.key(["executions:read"]);
    const refused = await key.get(`${path}?search=secret`);
    expect([refused.status, refused.body.code]).toEqual([403, "forbidden"]);
    expect((await key.get(path)).status).toBe(200);
    const reader = await app.theirs.key(["executions:read", "contacts:read"]);
    expect((await reader.get(`${path}?search=secret`)).status).toBe(200);
  },
);
