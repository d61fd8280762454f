import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { type HistorySeed, seedHistory } from "#test/seed-history.ts";

let app: TestApp;
let seed: HistorySeed;
beforeAll(async () => {
  app = await startTestApp();
  seed = await seedHistory(app.db.owner, app.ours.workspaceId);
});
afterAll(() => app.stop());

const rowsOf = (csv: string) => parse(csv, { bom: true, columns: true }) as Record<string, string>[];

describe("the export of enrollments", () => {
  test("is refused whole where the filter cannot be read", async () => {
    const viewer = await app.ours.as("viewer");
    for (const query of ["exit=sent", "leftNodeId=hello", "reason=nonsense", "from=yesterday", "versionId=7", "limit=10", "unknown=1"]) {
      const { status, body } = await viewer.get(`/api/executions/export?${query}`);
      expect([query, status, body.code]).toEqual([query, 400, "invalid_request"]);
    }
  });

  test("holds exactly what the list holds under the same filter, and is recorded", async () => {
    const flowId = await seed.flow({ name: "Exported" });
    const send = await seed.send(flowId);
    const formula = await seed.contact({ name: '=HYPERLINK("http://x")' });
    for (let count = 0; count < 3; count += 1) {
      const id = await seed.execution(send, { status: "completed", ...(count === 0 ? { contactId: formula } : {}) });
      await seed.step(id, { status: "skipped", reason: "no_phone" });
    }
    await seed.execution(send, { status: "completed" });
    const viewer = await app.ours.as("viewer");
    const query = `flowId=${flowId}&skippedNodeId=hello`;
    const { status, text, headers } = await viewer.get(`/api/executions/export?${query}`);
    expect([status, headers.get("content-type")]).toEqual([200, "text/csv; charset=utf-8; header=present"]);
    expect(headers.get("content-disposition")).toMatch(/^attachment; filename="enrollments-\d{4}-\d\d-\d\d\.csv"$/);
    const listed = (await viewer.get(`/api/executions?${query}`)).body.items as { id: string }[];
    expect(rowsOf(text).map(({ id }) => id)).toEqual(listed.map(({ id }) => id));
    expect(listed).toHaveLength(3);
    expect(rowsOf(text).map(({ contact }) => contact)).toContain('\'=HYPERLINK("http://x")');
    const log = (await (await app.ours.as("owner")).get("/api/audit-log")).body.items as { action: string; details: unknown }[];
    expect(log.find(({ action }) => action === "execution.export")?.details).toEqual({ executions: 3 });
  });

  test("holds nothing of another workspace", async () => {
    const flowId = await seed.flow();
    await seed.execution(await seed.send(flowId));
    const stranger = await app.theirs.as("owner");
    expect(rowsOf((await stranger.get(`/api/executions/export?flowId=${flowId}`)).text)).toEqual([]);
  });
});
