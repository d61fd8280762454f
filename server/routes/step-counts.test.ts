import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StepCount } from "#contract/step-counts.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { seededRandom } from "#test/chaos/random.ts";
import type { Client } from "#test/http-client.ts";
import { type HistorySeed, seedHistory } from "#test/seed-history.ts";

let app: TestApp;
let viewer: Client;
let ours: HistorySeed;
beforeAll(async () => {
  app = await startTestApp();
  viewer = await app.ours.as("viewer");
  ours = await seedHistory(app.db.owner, app.ours.workspaceId);
});
afterAll(() => app.stop());

const read = async (flowId: string, query = "") => {
  const { status, body } = await viewer.get(`/api/flows/${flowId}/counts${query}`);
  expect(status).toBe(200);
  return body.steps as Record<string, StepCount>;
};
const total = async (flowId: string, filter: Record<string, string>) => {
  const { body } = await viewer.get(`/api/executions?${new URLSearchParams({ flowId, limit: "100", ...filter })}`);
  expect(body.nextCursor).toBeNull();
  return body.items.length as number;
};

test("the numbers of another workspace's flow, or of none, are not found", async () => {
  const theirs = await seedHistory(app.db.owner, app.theirs.workspaceId);
  for (const id of [await theirs.flow(), randomUUID()]) {
    expect((await viewer.get(`/api/flows/${id}/counts`)).body.code).toBe("flow_not_found");
  }
});

test("a flow that nobody was sent through has no numbers", async () => {
  expect(await read(await ours.flow())).toEqual({});
});

test("each number is the total of the history with its filter, with loops, tries, versions and sends", async () => {
  const flowId = await ours.flow();
  const { between, pick } = seededRandom(7);
  const sends = [await ours.send(flowId), await ours.send(flowId, { versionId: await ours.version(flowId) })] as const;
  const nodes = ["start", "hello", "wait", "end"];
  const ends = ["completed", "skipped", "failed", "waiting"] as const;
  const exits = ["next", "sent", "reply"];
  for (let person = 0; person < 60; person += 1) {
    const status = pick(["running", "completed", "failed", "cancelled"]);
    const execution = await ours.execution(pick(sends), {
      status,
      created_at: `2026-11-0${between(1, 3)}T12:00:00Z`,
    });
    for (let visit = 1; visit <= between(1, 6); visit += 1) {
      for (let attempt = 1; attempt <= between(1, 2); attempt += 1) {
        const became = pick(ends);
        const exit = became === "waiting" ? {} : { exit: pick(exits) };
        await ours.step(execution, { visit, attempt, node_id: pick(nodes), status: became, ...exit });
      }
    }
  }
  for (const filter of [
    {},
    { sendId: sends[0].id },
    { versionId: sends[1].versionId },
    { from: "2026-11-02T00:00:00Z", to: "2026-11-03T00:00:00Z" },
  ]) {
    const steps = await read(flowId, `?${new URLSearchParams(filter as Record<string, string>)}`);
    expect(Object.keys(steps).length).toBe(4);
    for (const [node, count] of Object.entries(steps)) {
      const asked = (more: Record<string, string>) => total(flowId, { ...(filter as Record<string, string>), ...more });
      expect(await asked({ nodeId: node })).toBe(count.waiting);
      expect(await asked({ passedNodeId: node })).toBe(count.passed);
      expect(await asked({ skippedNodeId: node })).toBe(count.skipped);
      expect(await asked({ failedNodeId: node })).toBe(count.failed);
      for (const exit of exits) expect(await asked({ leftNodeId: node, exit })).toBe(count.exits[exit] ?? 0);
    }
  }
});
