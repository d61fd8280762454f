import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FlowInput } from "#contract/flows.ts";
import { validateFlow } from "#nodes/graph/validate-flow.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import type { Client } from "#test/http-client.ts";
import { seedHistory } from "#test/seed-history.ts";
import { flowTemplates } from "../templates/flow-templates.ts";

let app: TestApp;
let editor: Client;
beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
});
afterAll(() => app.stop());

const add = (templateId: string, more: Record<string, unknown> = {}) => editor.post("/api/flows/from-template", { templateId, ...more });
const copy = (id: string, body: Record<string, unknown> = {}) => editor.post(`/api/flows/${id}/duplicate`, body);
const draftOf = async (id: string) => (await editor.get(`/api/flows/${id}/draft`)).body;
const rename = (id: string, name: string) => editor.patch(`/api/flows/${id}`, { name });

describe("the templates", () => {
  test.each(flowTemplates.map((template) => [template.flow.name, template] as const))(
    "%s can be sent as it is, without even a warning",
    (_, { flow }) => {
      expect(validateFlow(flow)).toEqual([]);
      expect(FlowInput.safeParse(flow).success).toBe(true);
      for (const field of JSON.stringify(flow).match(/\{\{[^}]*\}\}/g) ?? []) expect(field).toContain("| default:");
    },
  );

  test("are listed for whoever may read flows, by the names of the screens", async () => {
    const { body } = await (await app.ours.as("viewer")).get("/api/flow-templates");
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual([
      "Welcome",
      "Follow-up",
      "Appointment reminder",
      "Review request",
      "Win-back",
      "Birthday",
    ]);
    expect(body.items[0]).toMatchObject({ id: "welcome", stepCount: 5, channels: ["sms", "email"], needs: null });
    for (const { nodes, edges } of body.items) expect(validateFlow({ nodes, edges })).toEqual([]);
    expect(body.items[2].needs).toContain("appointment");
  });
});

describe("adding a template is refused", () => {
  test("for one that does not exist, and for whoever may not edit", async () => {
    const { status, body } = await add("teleport");
    expect([status, body.code]).toEqual([404, "template_not_found"]);
    expect((await (await app.ours.as("viewer")).post("/api/flows/from-template", { templateId: "welcome" })).status).toBe(403);
  });

  test("under a name that another flow has, in upper or lower case", async () => {
    await add("welcome", { name: "Taken Name" });
    const { status, body } = await add("follow-up", { name: "taken name" });
    expect([status, body.code]).toEqual([409, "flow_name_taken"]);
    expect(body.problems).toEqual([{ path: "name", message: "Another flow has this name" }]);
  });
});

describe("a template that is added", () => {
  test("is a flow of the workspace that can be sent, numbered where its name is taken, also by two who ask at once", async () => {
    const added = await Promise.all([add("welcome"), add("welcome"), add("welcome")]);
    expect(added.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(added.map(({ body }) => body.name).sort()).toEqual(["Welcome", "Welcome 2", "Welcome 3"]);
    const { body } = await editor.get("/api/flows");
    expect(body.items.find(({ name }: { name: string }) => name === "Welcome 2")).toMatchObject({ canStart: true, stepCount: 5 });
  });

  test("as a draft is edited as the template is drawn, and cannot be sent before it is published", async () => {
    const { status, body: flow } = await add("welcome", { name: "Welcome to edit", as: "draft" });
    expect([status, flow.nodes]).toEqual([201, []]);
    const template = flowTemplates.find(({ id }) => id === "welcome")?.flow;
    const draft = await draftOf(flow.id);
    expect(draft).toMatchObject({ name: "Welcome to edit", nodes: template?.nodes, edges: template?.edges, isDraft: true });
    const contact = await editor.post("/api/contacts", { name: "", email: "early@example.com" });
    const selection = { type: "ids", ids: [contact.body.id] };
    expect((await editor.post("/api/sends", { flowId: flow.id, selection })).status).toBe(422);
    expect((await editor.post(`/api/flows/${flow.id}/publish`, { revision: draft.revision })).status).toBe(200);
    expect((await editor.post("/api/sends", { flowId: flow.id, selection })).status).toBe(202);
  });

  test("writes to an imported contact that has nothing but an address, and names nobody by an empty name", async () => {
    const contact = await editor.post("/api/contacts", { name: "", email: "only.address@example.com" });
    const flow = await add("follow-up", { name: "To an address" });
    const send = await editor.post("/api/sends", { flowId: flow.body.id, selection: { type: "ids", ids: [contact.body.id] } });
    expect(send.status).toBe(202);
    await app.driver.runUntilIdle();
    const { body } = await editor.get(`/api/messages?contactId=${contact.body.id}`);
    expect(body.items[0]).toMatchObject({ channel: "email", status: "sent", subject: "Did you have a look, there?" });
    expect(body.items[0].body).toContain("Hello there,");
  });

  test("reminds nobody without an appointment, and says so in the history", async () => {
    const contact = await editor.post("/api/contacts", { firstname: "Ann", email: "ann.without@example.com" });
    const flow = await add("appointment-reminder", { name: "Without a date" });
    await editor.post("/api/sends", { flowId: flow.body.id, selection: { type: "ids", ids: [contact.body.id] } });
    await app.driver.runUntilIdle();
    expect((await editor.get(`/api/messages?contactId=${contact.body.id}`)).body.items).toEqual([]);
    const { body } = await editor.get(`/api/executions?contactId=${contact.body.id}`);
    expect(body.items[0].status).toBe("completed");
    const steps = await editor.get(`/api/executions/${body.items[0].id}/steps`);
    expect(steps.body.items.map(({ nodeId }: { nodeId: string }) => nodeId)).toContain("none");
  });
});

describe("a copy of a flow", () => {
  test("cannot be made of another workspace's flow, nor by who may not edit", async () => {
    const theirs = await (await seedHistory(app.db.owner, app.theirs.workspaceId)).flow();
    const [foreign, missing] = [await copy(theirs), await copy(randomUUID())];
    expect([foreign.status, foreign.body.code]).toEqual([404, "flow_not_found"]);
    expect(missing.body.error).toBe(foreign.body.error);
    const ours = await add("welcome", { name: "Not for viewers" });
    expect((await (await app.ours.as("viewer")).post(`/api/flows/${ours.body.id}/duplicate`, {})).status).toBe(403);
    expect((await (await app.ours.as("viewer")).patch(`/api/flows/${ours.body.id}`, { name: "X" })).status).toBe(403);
  });

  test("is a draft with the same steps, settings and folder, no history, and a name of its own, which nobody can be sent", async () => {
    const folder = await app.db.owner
      .insertInto("flow_folders")
      .values({ workspace_id: app.ours.workspaceId, name: "Folder of copies" })
      .returning("id")
      .executeTakeFirstOrThrow();
    const { flow } = flowTemplates[1] as (typeof flowTemplates)[number];
    const original = (await editor.post("/api/flows", { ...flow, name: "Original", folderId: folder.id, settings: { a: 1 } })).body;
    const first = (await copy(original.id)).body;
    expect(first).toMatchObject({ name: "Original copy", folderId: folder.id, nodes: [], edges: [] });
    expect(await draftOf(first.id)).toMatchObject({ isDraft: true, settings: { a: 1 }, nodes: original.nodes, edges: original.edges });
    const contact = await editor.post("/api/contacts", { firstname: "Ann", email: `${randomUUID()}@example.com` });
    const send = await editor.post("/api/sends", { flowId: first.id, selection: { type: "ids", ids: [contact.body.id] } });
    expect([send.status, send.body.code]).toEqual([422, "flow_has_no_steps"]);
    expect((await copy(original.id)).body.name).toBe("Original copy 2");
    expect((await copy(first.id)).body.name).toBe("Original copy 3");
    expect((await editor.get(`/api/executions?flowId=${first.id}`)).body.items).toEqual([]);
  });

  test("is of what is edited, and editing it changes nothing of the original", async () => {
    const original = (await add("welcome", { name: "To be edited" })).body;
    const before = await draftOf(original.id);
    const nodes = { put: [{ ...before.nodes[1], data: { ...before.nodes[1].data, label: "Edited" } }] };
    await editor.patch(`/api/flows/${original.id}/draft`, { baseRevision: before.revision, nodes });
    const made = (await copy(original.id)).body;
    const draft = await draftOf(made.id);
    expect(draft.nodes[1].data.label).toBe("Edited");
    const edited = await draftOf(original.id);
    await editor.patch(`/api/flows/${made.id}/draft`, { baseRevision: draft.revision, nodes: { drop: ["sms"] } });
    expect(await draftOf(original.id)).toEqual(edited);
    expect((await editor.get(`/api/flows/${original.id}`)).body.nodes).toEqual(original.nodes);
  });

  test("keeps a flow's problems and whatever another tool wrote into it", async () => {
    const nodes = JSON.stringify({ not: "a list" });
    const odd = await app.db.owner
      .insertInto("flows")
      .values({ workspace_id: app.ours.workspaceId, name: "Odd", nodes, edges: "[]" })
      .returning("id")
      .executeTakeFirstOrThrow();
    const made = await copy(odd.id);
    expect(made.status).toBe(201);
    expect((await draftOf(made.body.id)).problems.map(({ code }: { code: string }) => code)).toContain("malformed");
    const stored = await app.db.owner.selectFrom("flow_drafts").select("nodes").where("flow_id", "=", made.body.id).executeTakeFirst();
    expect(stored?.nodes).toEqual({ not: "a list" });
  });

  test("of a flow with the longest name has a name that still fits", async () => {
    const long = await add("welcome", { name: "é".repeat(200) });
    const names = [(await copy(long.body.id)).body.name, (await copy(long.body.id)).body.name];
    for (const name of names) expect(name.length).toBeLessThanOrEqual(200);
    expect(new Set(names).size).toBe(2);
  });
});

describe("renaming a flow", () => {
  test("is refused where another flow has the name, and leaves the flow as it was", async () => {
    await add("welcome", { name: "First of two" });
    const second = await add("welcome", { name: "Second of two" });
    const { status, body } = await rename(second.body.id, "FIRST OF TWO");
    expect([status, body.code]).toEqual([409, "flow_name_taken"]);
    expect((await editor.get(`/api/flows/${second.body.id}`)).body.name).toBe("Second of two");
  });

  test("changes nothing but the name, and may change only its case", async () => {
    const { body: before } = await add("welcome", { name: "before" });
    const { body: after } = await rename(before.id, " Before ");
    expect(after).toEqual({ ...before, name: "Before", updatedAt: after.updatedAt });
    const audited = await app.db.owner.selectFrom("audit_log").select("action").where("subject_id", "=", before.id).execute();
    expect(audited.map(({ action }) => action)).toEqual(expect.arrayContaining(["flow.create", "flow.rename"]));
  });

  test.each(["", "   ", "x".repeat(201)])("is refused for %j", async (name) => {
    const { body } = await add("welcome", { name: `Name ${randomUUID()}` });
    expect((await rename(body.id, name)).status).toBe(400);
  });
});
