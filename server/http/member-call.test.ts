import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { routeIds, routeTable } from "#test/route-call.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

/** Routes that a browser opens without a header of its own, so their workspace stands in the address. */
const named = routeIds.filter((id) => {
  const { auth, query } = routeTable[id];
  return auth.kind === "member" && "workspaceId" in ((query as { shape?: object }).shape ?? {});
});

test.each(named)("%s answers a workspace that the database could not even look for like one that does not exist", async (id) => {
  const owner = await app.ours.as("owner");
  const path = routeTable[id].path.replace(/:\w+/g, "0198a1b0-0000-7000-8000-000000000001");
  const { status, body } = await owner.get(`${path}?workspaceId=%00`);
  expect([status, body.code]).toEqual([404, "not_found"]);
});

test("there are such routes", () => {
  expect(named.length).toBeGreaterThan(5);
});
