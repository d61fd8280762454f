import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { chain, node, sms } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let editor: Client;
let viewer: Client;
let owner: Client;

beforeAll(async () => {
  app = await startTestApp();
  [viewer, editor, owner] = [await app.ours.as("viewer"), await app.ours.as("editor"), await app.ours.as("owner")];
});
afterAll(() => app.stop());

const add = async (values: object): Promise<string> => (await editor.post("/api/contacts", { evenIfTwin: true, ...values })).body.id;
const remove = (id: string) => editor.delete(`/api/contacts/${id}`);
const searched = (text: string) => `filter=${encodeURIComponent(JSON.stringify({ search: text, tests: [] }))}`;

test("only an owner erases, an editor restores, and a viewer sees the bin", async () => {
  const id = await add({ firstname: "Rights" });
  await remove(id);
  expect((await viewer.get(`/api/bin/${id}`)).body).toMatchObject({ id, displayName: "Rights", deletedByName: "editor member" });
  expect((await viewer.post("/api/bin/restore", { ids: [id] })).status).toBe(403);
  for (const caller of [viewer, editor, await app.ours.as("admin"), await app.ours.key(["contacts:write", "admin"])]) {
    expect((await caller.post("/api/bin/erase", { ids: [id] })).status).toBe(403);
  }
  expect((await editor.post("/api/bin/restore", { ids: [id] })).body).toEqual({ restored: 1, ids: [id] });
});

test("what is not in the bin is neither restored nor erased", async () => {
  const id = await add({ firstname: "Here" });
  for (const what of ["restore", "erase"]) {
    expect((await owner.post(`/api/bin/${what}`, { ids: [id] })).body).toMatchObject({ code: "contact_not_found" });
  }
  expect((await owner.get(`/api/bin/${id}`)).status).toBe(404);
  expect((await owner.get(`/api/contacts/${id}`)).status).toBe(200);
});

test("a contact in the bin is in no list, count, choice, export or comparison, and cannot be read or changed", async () => {
  const values = {
    firstname: "Vanished",
    email: "vanished@example.com",
    phoneNumber: "+14155557777",
    leadStatus: "Only Vanished",
    metadata: { gone: 1 },
  };
  const id = await add(values);
  const find = async () => ({
    listed: (await viewer.get(`/api/contacts?${searched("vanished")}`)).body.items.length,
    counted: (await viewer.get(`/api/contacts/count?${searched("vanished")}`)).body.total,
    status: (await viewer.get("/api/contacts/facets")).body.leadStatuses.includes("Only Vanished"),
    exported: (await viewer.get("/api/contacts/export")).text.includes("vanished@example.com"),
    twins: (await viewer.get("/api/contacts/twins?email=vanished%40example.com")).body.items.length,
    read: (await viewer.get(`/api/contacts/${id}`)).status,
    consents: (await viewer.get(`/api/contacts/${id}/consents`)).status,
    changed: (await editor.patch(`/api/contacts/${id}`, { lastname: "x" })).status,
  });
  expect(await find()).toEqual({ listed: 1, counted: 1, status: true, exported: true, twins: 1, read: 200, consents: 200, changed: 200 });
  expect((await remove(id)).body).toEqual({ success: true });
  expect(await find()).toEqual({ listed: 0, counted: 0, status: false, exported: false, twins: 0, read: 404, consents: 404, changed: 404 });
  expect((await remove(id)).status).toBe(404);
  expect(
    (await editor.post("/api/contacts/bulk", { selection: { type: "ids", ids: [id] }, action: { type: "change_status", leadStatus: "x" } }))
      .body,
  ).toMatchObject({ matched: 0 });
  const flow = chain(node("start"), sms());
  const { id: flowId } = await app.db.owner
    .insertInto("flows")
    .values({
      name: "To the bin",
      workspace_id: app.ours.workspaceId,
      nodes: JSON.stringify(flow.nodes),
      edges: JSON.stringify(flow.edges),
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  const body = { workflowId: flowId, contactId: id };
  expect((await editor.post("/api/unified-workflow/execute-for-contact", body)).body).toMatchObject({ code: "contact_not_found" });
  await editor.post("/api/bin/restore", { ids: [id] });
  expect((await viewer.get(`/api/contacts/${id}`)).body).toMatchObject({ ...values, lastname: "x" });
});

test("the bin is searched by name, address and number, the last deleted first, a page at a time", async () => {
  const ids: string[] = [];
  for (const n of [1, 2, 3]) {
    ids.push(await add({ firstname: `Paged ${n}`, email: `paged${n}@example.com`, phoneNumber: `+1415555880${n}` }));
    await remove(ids.at(-1) as string);
  }
  const first = (await viewer.get("/api/bin?search=paged&limit=2")).body;
  expect(first).toMatchObject({ total: 3, items: [{ id: ids[2] }, { id: ids[1] }] });
  const next = (await viewer.get(`/api/bin?search=paged&limit=2&cursor=${encodeURIComponent(first.nextCursor)}`)).body;
  expect(next).toMatchObject({ total: 3, items: [{ id: ids[0] }], nextCursor: null });
  for (const search of ["paged2@example.com", "555 8802"]) {
    expect((await viewer.get(`/api/bin?search=${encodeURIComponent(search)}`)).body.items.map((item: { id: string }) => item.id)).toEqual([
      ids[1],
    ]);
  }
  expect((await viewer.get("/api/bin?cursor=x")).status).toBe(400);
  const [item] = first.items;
  expect(new Date(item.erasedAt).getTime() - new Date(item.deletedAt).getTime()).toBe(30 * 86_400_000);
});

test("its history keeps the name for those who could read it, and says that the contact is in the bin", async () => {
  const id = await add({ firstname: "History", phoneNumber: "+14155557979" });
  const flow = chain(node("start"), sms());
  const { id: flowId } = await app.db.owner
    .insertInto("flows")
    .values({ name: "History", workspace_id: app.ours.workspaceId, nodes: JSON.stringify(flow.nodes), edges: JSON.stringify(flow.edges) })
    .returning("id")
    .executeTakeFirstOrThrow();
  const { body } = await editor.post("/api/sends", { flowId, selection: { type: "ids", ids: [id] } });
  await app.driver.runUntilIdle();
  await remove(id);
  const executions = (await viewer.get(`/api/executions?sendId=${body.send.id}`)).body.items;
  expect(executions).toMatchObject([{ contactId: id, contactName: "History", contactInBin: true }]);
  const messages = (await viewer.get(`/api/messages?contactId=${id}`)).body.items;
  expect(messages).toMatchObject([{ contactName: "History", contactInBin: true }]);
  await editor.post("/api/bin/restore", { ids: [id] });
  expect((await viewer.get(`/api/messages?contactId=${id}`)).body.items).toMatchObject([{ contactName: "History", contactInBin: false }]);
  const theirs = await app.theirs.as("owner");
  expect((await theirs.get(`/api/messages?contactId=${id}`)).body.items).toEqual([]);
});
