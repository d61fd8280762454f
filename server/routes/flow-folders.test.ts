import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deepestFolder, type FlowFolder } from "#contract/flow-folders.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { chain, node } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let editor: Client;
beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
});
afterAll(() => app.stop());

const add = async (parentId: string | null = null, name = `Folder ${randomUUID()}`) => {
  const { status, body } = await editor.post("/api/flow-folders", { name, parentId });
  expect(status).toBe(201);
  return body as FlowFolder;
};
const change = (id: string, patch: object) => editor.patch(`/api/flow-folders/${id}`, patch);
const list = async () =>
  (await editor.get("/api/flows")).body as { items: { id: string; folderId: string | null }[]; folders: FlowFolder[] };
const addFlow = async (folderId: string) =>
  (await editor.post("/api/flows", { name: `Flow ${randomUUID()}`, folderId, ...chain(node("start"), node("end")) })).body.id as string;

test("a viewer may not change folders, and those of another workspace are not there", async () => {
  const viewer = await app.ours.as("viewer");
  const { id } = await add();
  expect((await viewer.post("/api/flow-folders", { name: "Mine" })).status).toBe(403);
  expect((await viewer.delete(`/api/flow-folders/${id}`)).status).toBe(403);
  const stranger = await app.theirs.as("editor");
  const theirs = (await stranger.post("/api/flow-folders", { name: "Theirs" })).body as FlowFolder;
  const flow = await addFlow(id);
  for (const answer of [
    await change(theirs.id, { name: "Ours" }),
    await change(id, { parentId: theirs.id }),
    await editor.post("/api/flow-folders", { name: "In theirs", parentId: theirs.id }),
    await editor.delete(`/api/flow-folders/${theirs.id}`),
    await editor.put(`/api/flows/${flow}/folder`, { folderId: theirs.id }),
  ]) {
    expect([answer.status, answer.body.code]).toEqual([404, "folder_not_found"]);
  }
  expect((await editor.put(`/api/flows/${randomUUID()}/folder`, { folderId: id })).body.code).toBe("flow_not_found");
});

test("a name that is blank or taken in its place is refused, in other letters too; elsewhere it may be used again", async () => {
  const outer = await add();
  await add(outer.id, "Spring");
  expect((await editor.post("/api/flow-folders", { name: "  " })).status).toBe(400);
  expect((await editor.post("/api/flow-folders", { name: " SPRING ", parentId: outer.id })).body.code).toBe("folder_name_taken");
  const other = await add(null, "Spring");
  expect((await change(other.id, { parentId: outer.id })).body.code).toBe("folder_name_taken");
});

test("a folder cannot be moved into itself or below itself, nor too deep; two who move at once make no ring", async () => {
  const outer = await add();
  const inner = await add(outer.id);
  expect((await change(outer.id, { parentId: outer.id })).body.code).toBe("folder_misplaced");
  expect((await change(outer.id, { parentId: inner.id })).body.code).toBe("folder_misplaced");
  let deepest = inner;
  for (let depth = 3; depth <= deepestFolder; depth += 1) deepest = await add(deepest.id);
  expect((await editor.post("/api/flow-folders", { name: "Too deep", parentId: deepest.id })).body.code).toBe("folder_misplaced");
  const [one, other] = [await add(), await add()];
  const answers = await Promise.all([change(one.id, { parentId: other.id }), change(other.id, { parentId: one.id })]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
});

test("a flow is moved into a folder and out of all; a deleted folder leaves what was in it to the folder around it", async () => {
  const outer = await add();
  const inner = await add(outer.id);
  const innermost = await add(inner.id);
  const flow = await addFlow(outer.id);
  const placeOf = async () => (await list()).items.find(({ id }) => id === flow)?.folderId;
  expect((await editor.put(`/api/flows/${flow}/folder`, { folderId: inner.id })).body).toMatchObject({ folderId: inner.id });
  expect(await placeOf()).toBe(inner.id);
  expect((await editor.delete(`/api/flow-folders/${inner.id}`)).status).toBe(200);
  expect(await placeOf()).toBe(outer.id);
  expect((await list()).folders.find(({ id }) => id === innermost.id)?.parentId).toBe(outer.id);
  await editor.put(`/api/flows/${flow}/folder`, { folderId: null });
  expect(await placeOf()).toBeNull();
  expect((await change(innermost.id, { name: "Renamed", parentId: null })).body).toEqual({
    id: innermost.id,
    name: "Renamed",
    parentId: null,
  });
});
