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
