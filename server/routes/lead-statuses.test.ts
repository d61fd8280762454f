import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { chain, node } from "#test/graphs.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let admin: Client;
let editor: Client;

beforeAll(async () => {
  app = await startTestApp();
  [admin, editor] = [await app.ours.as("admin"), await app.ours.as("editor")];
});
afterAll(() => app.stop());

interface Status {
  id: string;
  name: string;
  isDefault: boolean;
}
const list = async (client = editor): Promise<Status[]> => (await client.get("/api/lead-statuses")).body.items;
const names = async (client = editor) => (await list(client)).map(({ name }) => name);
const idOf = async (name: string) => (await list()).find((status) => status.name === name)?.id as string;
const addContact = async (leadStatus: string): Promise<string> =>
  (await editor.post("/api/contacts", { firstname: "Somebody", leadStatus })).body.id;

test("only an admin changes the list, and nobody that of another workspace", async () => {
  const id = await idOf("New");
  expect((await editor.post("/api/lead-statuses", { name: "Mine" })).status).toBe(403);
  expect((await editor.patch(`/api/lead-statuses/${id}`, { color: "red" })).status).toBe(403);
  expect((await editor.delete(`/api/lead-statuses/${id}`)).status).toBe(403);
  expect((await editor.put("/api/lead-statuses/order", { ids: [id] })).status).toBe(403);
  const theirs = await app.theirs.as("owner");
  expect((await theirs.patch(`/api/lead-statuses/${id}`, { color: "red" })).status).toBe(404);
  expect((await theirs.put("/api/lead-statuses/order", { ids: [id] })).status).toBe(404);
  expect((await theirs.delete(`/api/lead-statuses/${id}`)).status).toBe(404);
});

test.each(["new", "  NEW ", "Néw", "ＮＥＷ"])("%j is refused where the list has “New”", async (name) => {
  expect((await admin.post("/api/lead-statuses", { name })).body).toMatchObject({ code: "conflict" });
});

test.each([" ", "\u200b", "x".repeat(101), "???", "– / –", "\u0301"])("%j is no name", async (name) => {
  expect((await admin.post("/api/lead-statuses", { name })).status).toBe(400);
});

describe("a status that contacts have", () => {
  const isThere = async (name: string) => (await names()).includes(name);

  test("is not removed before it is said what they get, and the refusal says how many have it", async () => {
    await admin.post("/api/lead-statuses", { name: "Held" });
    await addContact("held");
    const id = await idOf("Held");
    const refusal = await admin.delete(`/api/lead-statuses/${id}`);
    expect([refusal.status, refusal.body.code]).toEqual([409, "conflict"]);
    expect(refusal.body.error).toContain("1 contact has the status “Held”");
    expect((await admin.delete(`/api/lead-statuses/${id}?replacement=something`)).status).toBe(400);
    expect((await editor.delete(`/api/lead-statuses/${id}?replacement=none`)).status).toBe(403);
    expect((await admin.patch(`/api/lead-statuses/${id}`, { color: "red", kind: "won" })).body).toMatchObject({ color: "red", job: null });
    expect(await isThere("Held")).toBe(true);
  });

  test("is renamed by a bulk change that can be undone, and the answer names the flows that keep the old name", async () => {
    await admin.post("/api/lead-statuses", { name: "Warm" });
    const contact = await addContact("warm");
    const flow = chain(node("start"), node("update_contact", { changes: [{ field: "lead_status", operation: "set", value: "WARM" }] }));
    const { body: saved } = await editor.post("/api/flows", { name: "Warm up", ...flow });
    expect(saved.problems).toEqual([]);
    const id = await idOf("Warm");
    expect((await editor.get(`/api/lead-statuses/${id}/uses`)).body).toEqual({
      contacts: 1,
      inBin: 0,
      flows: [{ id: saved.id, name: "Warm up" }],
    });
    const answer = await admin.patch(`/api/lead-statuses/${id}`, { name: "Hot lead", color: "red" });
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({
      name: "Hot lead",
      color: "red",
      job: { state: "freezing", action: { type: "replace_status", from: "Warm", to: "Hot lead" } },
      flows: [{ id: saved.id, name: "Warm up" }],
    });
    await app.driver.runUntilIdle();
    expect((await editor.get(`/api/contacts/${contact}`)).body.leadStatus).toBe("Hot lead");
    expect((await editor.get(`/api/flows/${saved.id}`)).body.problems).toEqual([
      expect.objectContaining({ severity: "warning", code: "unlisted_status", field: "changes.0.value" }),
    ]);
    expect((await editor.post(`/api/bulk-jobs/${answer.body.job.id}/undo`)).status).toBe(403);
    expect((await admin.post(`/api/bulk-jobs/${answer.body.job.id}/undo`)).status).toBe(202);
    await app.driver.runUntilIdle();
    expect((await editor.get(`/api/contacts/${contact}`)).body.leadStatus).toBe("Warm");
    expect(await isThere("Warm")).toBe(true);
  });

  test("is removed with another one for its contacts", async () => {
    await admin.post("/api/lead-statuses", { name: "Leaving" });
    const contact = await addContact("Leaving");
    const answer = await admin.delete(`/api/lead-statuses/${await idOf("Leaving")}?replacement=${await idOf("Lost")}`);
    expect([answer.status, answer.body]).toEqual([202, { success: true, job: expect.objectContaining({ state: "freezing" }), flows: [] }]);
    await app.driver.runUntilIdle();
    expect((await editor.get(`/api/contacts/${contact}`)).body.leadStatus).toBe("Lost");
    expect(await isThere("Leaving")).toBe(false);
  });

  test("that is removed ten times at once is removed once, by one job", async () => {
    await admin.post("/api/lead-statuses", { name: "Twice" });
    await addContact("Twice");
    const path = `/api/lead-statuses/${await idOf("Twice")}?replacement=none`;
    const answers = await Promise.all(Array.from({ length: 10 }, () => admin.delete(path)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, ...Array(9).fill(404)]);
  });
});

test("a value outside the list is given a status of the list, by the same bulk change", async () => {
  const contact = await addContact("Odd one");
  const lost = await idOf("Lost");
  expect((await editor.post("/api/lead-statuses/map", { value: "odd ONE", replacement: lost })).status).toBe(403);
  expect((await admin.post("/api/lead-statuses/map", { value: "lost", replacement: "none" })).status).toBe(409);
  const answer = await admin.post("/api/lead-statuses/map", { value: "odd ONE", replacement: lost });
  expect([answer.status, answer.body.job?.action]).toEqual([202, { type: "replace_status", from: "odd ONE", to: "Lost", list: null }]);
  await app.driver.runUntilIdle();
  expect((await editor.get(`/api/contacts/${contact}`)).body.leadStatus).toBe("Lost");
});

test("a flow that names a status that is not in the list is saved with a warning and the nearest name", async () => {
  const tests = [{ field: "contact.lead_status", operator: "in", value: ["cÚstomer", "Costumer", "{{ trigger.status }}"] }];
  const flow = chain(node("start"), node("wait_until", { tests, limitSeconds: 3_600 }));
  const { status, body } = await editor.post("/api/flows", { name: "Waits", ...flow });
  expect(status).toBe(201);
  expect(body.problems).toEqual([
    expect.objectContaining({
      severity: "warning",
      code: "unlisted_status",
      field: "tests.0.value",
      suggestion: "Customer",
      message: "Wait until: “Costumer” is not in the list of lead statuses. Did you mean “Customer”?",
    }),
  ]);
});

test("a new workspace begins with the usual statuses, of which one is the default", async () => {
  const fresh = await (await app.createTenant("Fresh")).as("viewer");
  expect(await names(fresh)).toEqual(["New", "Contacted", "Qualified", "Proposal sent", "Customer", "Lost"]);
  expect((await list(fresh)).filter(({ isDefault }) => isDefault).map(({ name }) => name)).toEqual(["New"]);
});

test("a status is added, renamed, made the default, moved and removed", async () => {
  const { body: added } = await admin.post("/api/lead-statuses", { name: "  On   hold ", color: "yellow" });
  expect(added).toMatchObject({ color: "yellow", kind: "open", isDefault: false });
  expect((await names()).at(-1)).toBe(added.name);
  await admin.patch(`/api/lead-statuses/${added.id}`, { name: "Paused", isDefault: true });
  expect((await list()).filter(({ isDefault }) => isDefault).map(({ name }) => name)).toEqual(["Paused"]);
  const { body } = await admin.put("/api/lead-statuses/order", { ids: [added.id, await idOf("Lost")] });
  expect(body.items.map(({ name }: Status) => name).slice(0, 3)).toEqual(["Paused", "Lost", "New"]);
  expect((await admin.put("/api/lead-statuses/order", { ids: [randomUUID()] })).status).toBe(404);
  expect((await admin.delete(`/api/lead-statuses/${added.id}`)).status).toBe(200);
  expect(await names()).not.toContain("Paused");
});

test("a value outside the list is kept, counted and offered after the list", async () => {
  await addContact("Strange one");
  await addContact("strange ONE");
  const { items } = (await editor.get("/api/lead-statuses/uses")).body;
  expect(items).toContainEqual({ value: expect.stringMatching(/^strange one$/i), statusId: null, contacts: 2 });
  const { leadStatuses } = (await editor.get("/api/contacts/facets")).body;
  expect(leadStatuses.slice(0, 1)).toEqual([(await names())[0]]);
  expect(leadStatuses.at(-1)).toMatch(/^strange one$/i);
});

test("a value that the list spells otherwise is written as the list spells it, by form, bulk change and import", async () => {
  const id = await addContact("  cUSTOMER ");
  expect((await editor.get(`/api/contacts/${id}`)).body.leadStatus).toBe("Customer");
  await editor.patch(`/api/contacts/${id}`, { leadStatus: "lóst" });
  expect((await editor.get(`/api/contacts/${id}`)).body.leadStatus).toBe("Lost");
  await editor.post("/api/contacts/bulk", {
    selection: { type: "ids", ids: [id] },
    action: { type: "change_status", leadStatus: "QUALIFIED" },
  });
  expect((await editor.get(`/api/contacts/${id}`)).body.leadStatus).toBe("Qualified");
});
