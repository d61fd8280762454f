import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RouteId } from "#contract/routes.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import type { Client } from "#test/http-client.ts";
import { buildOneOfEverything } from "#test/one-of-everything.ts";
import { callRoute, idsNamedBy, routeIds, routeTable } from "#test/route-call.ts";
import type { SampleIds } from "#test/route-samples.ts";

// Every route that names a flow is called with one that is in the bin. The routes come from the table, so a new one is covered.

/** What was sent stays readable when its flow is gone, and a list that names the flow only narrows it. */
const aboutHistory: RouteId[] = ["listExecutions", "listStepLog", "exportStepLog", "exportExecutions", "listSends"];

let app: TestApp;
let owner: Client;
let ids: SampleIds;
beforeAll(async () => {
  app = await startTestApp();
  const { workspaceId, ownerId } = app.ours;
  owner = await app.ours.as("owner");
  const rows = await buildOneOfEverything(app.db.owner, workspaceId, ownerId);
  const none = { member: randomUUID(), memberEmail: "", instanceAdmin: "", session: "", resetToken: "", invitationToken: "" };
  ids = { ...rows, ...none };
});
afterAll(() => app.stop());

test("a flow in the bin is one that does not exist, to every route that names a flow and is not about what was sent", async () => {
  const namesFlow = (id: RouteId) => idsNamedBy(id, ids).some((name) => name === "flow" || name === "draftFlow");
  const named = routeIds.filter((id) => routeTable[id].auth.kind === "member" && namesFlow(id));
  const closed = named.filter((id) => !aboutHistory.includes(id));
  expect(closed.length).toBeGreaterThan(30);
  await app.db.owner.updateTable("flows").set({ deleted_at: new Date() }).where("id", "in", [ids.flow, ids.draftFlow]).execute();
  const answers = [];
  for (const id of closed) {
    const { status, body } = await callRoute(owner, id, ids);
    answers.push(`${id} ${status} ${body?.code}`);
  }
  expect(answers).toEqual(closed.map((id) => `${id} 404 flow_not_found`));
});
