import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildOneOfEverything } from "#test/one-of-everything.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

test("somebody may watch five streams at once; a sixth is refused until one is closed, and others are not affected", async () => {
  const { send } = await buildOneOfEverything(app.db.owner, app.ours.workspaceId, app.ours.ownerId);
  await app.db.owner.updateTable("flow_sends").set({ state: "running" }).where("id", "=", send).execute();
  const client = await app.ours.as("viewer");
  const open = async () => {
    const controller = new AbortController();
    const response = await client.fetch(`/api/sends/${send}/events`, { signal: controller.signal });
    return { status: response.status, close: () => controller.abort() };
  };
  const streams = [];
  for (let number = 0; number < 5; number++) streams.push(await open());
  expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect((await open()).status).toBe(429);
  const other = new AbortController();
  expect((await (await app.ours.as("editor")).fetch(`/api/sends/${send}/events`, { signal: other.signal })).status).toBe(200);
  streams[0]?.close();
  await vi.waitFor(
    async () => {
      const again = await open();
      streams.push(again);
      expect(again.status).toBe(200);
    },
    { timeout: 60_000 },
  );
  other.abort();
  for (const stream of streams) stream.close();
});

test("five open editors use up no stream of another kind, and a sixth editor is refused", async () => {
  const { send, flow } = await buildOneOfEverything(app.db.owner, app.theirs.workspaceId, app.theirs.ownerId);
  await app.db.owner.updateTable("flow_sends").set({ state: "running" }).where("id", "=", send).execute();
  const client = await app.theirs.as("admin");
  const controller = new AbortController();
  const status = async (path: string) => (await client.fetch(path, { signal: controller.signal })).status;
  const editor = () => status(`/api/flows/${flow}/people?tab=${randomUUID()}`);
  const editors = [];
  for (let tab = 0; tab < 6; tab++) editors.push(await editor());
  expect(editors).toEqual([200, 200, 200, 200, 200, 429]);
  expect(await status(`/api/sends/${send}/events`)).toBe(200);
  controller.abort();
});
