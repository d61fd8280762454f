import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { placeKinds } from "#contract/people.ts";
import { addMember } from "#db/queries/members.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import type { OneOfEverything } from "#test/everything-ids.ts";
import { buildOneOfEverything } from "#test/one-of-everything.ts";

let app: TestApp;
let there: OneOfEverything;
beforeAll(async () => {
  app = await startTestApp();
  there = await buildOneOfEverything(app.db.owner, app.theirs.workspaceId, app.theirs.ownerId);
});
afterAll(() => app.stop());

describe("where something is that an address leads to", () => {
  test("is not told to who is not a member of that workspace: it is as if it were nowhere", async () => {
    const stranger = await app.ours.as("owner");
    for (const kind of placeKinds) {
      const theirs = await stranger.get(`/api/account/whereabouts?kind=${kind}&id=${there[kind]}`);
      const none = await stranger.get(`/api/account/whereabouts?kind=${kind}&id=${randomUUID()}`);
      expect([theirs.status, theirs.body]).toEqual([200, { workspaceId: null }]);
      expect(theirs.text).toBe(none.text);
    }
  });

  test("is not told to a key, nor to nobody", async () => {
    const path = `/api/account/whereabouts?kind=send&id=${there.send}`;
    expect((await (await app.theirs.key(["admin"])).get(path)).status).toBe(403);
    expect((await app.nobody.get(path)).status).toBe(401);
  });

  test("is told to a member, whichever workspace they work in", async () => {
    const { client, userId } = await app.signUp();
    for (const { workspaceId } of [app.ours, app.theirs]) await addMember(app.db.owner, { workspaceId, userId, role: "viewer" });
    const here = client.with({ "x-workspace-id": app.ours.workspaceId });
    for (const kind of placeKinds) {
      const { body } = await here.get(`/api/account/whereabouts?kind=${kind}&id=${there[kind]}`);
      expect(body).toEqual({ workspaceId: app.theirs.workspaceId });
    }
  });
});
