import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deleteExpiredRows } from "#db/queries/expired-rows.ts";
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

const add = async (name = `Flow ${randomUUID()}`): Promise<{ id: string; name: string }> =>
  (await editor.post("/api/flows/from-template", { templateId: "welcome", name })).body;
const sendTo = async (flowId: string) => {
  const { body } = await editor.post("/api/contacts", { firstname: "Ann", email: `${randomUUID()}@example.com` });
  return editor.post("/api/sends", { flowId, selection: { type: "ids", ids: [body.id] } });
};
const archive = (id: string, people = "finish", client = editor) => client.post(`/api/flows/${id}/archive`, { people });
const remove = (id: string) => editor.request("DELETE", `/api/flows/${id}`);
const restore = (id: string) => editor.post(`/api/flows/${id}/restore`, {});
const namesIn = async (query = "") => (await editor.get(`/api/flows${query}`)).body.items.map(({ name }: { name: string }) => name);
const bin = async () => (await editor.get("/api/flows/bin")).body.items;

describe("refused", () => {
  test("is what a viewer, or a key without the scope, may not do, and another workspace's flow", async () => {
    const { id } = await add();
    const viewer = await app.ours.as("viewer");
    expect((await archive(id, "finish", viewer)).status).toBe(403);
    expect((await viewer.request("DELETE", `/api/flows/${id}`)).status).toBe(403);
    const key = await app.ours.key(["flows:read", "flows:write"]);
    expect((await archive(id, "end", key)).status).toBe(403);
    expect((await archive(id, "finish", key)).status).toBe(200);
    expect((await archive(id, "finish", await app.theirs.as("owner"))).body.code).toBe("flow_not_found");
  });

  test("is every way to start an archived flow, with one code", async () => {
    const { id } = await add();
    await archive(id);
    const contact = (await editor.post("/api/contacts", { firstname: "Ann", email: `${randomUUID()}@example.com` })).body.id;
    const answers = [
      await sendTo(id),
      await editor.post("/api/unified-workflow/execute-for-contact", {
        workflowId: id,
        contactId: contact,
        workspaceId: app.ours.workspaceId,
      }),
      await editor.post(`/api/workflows/${id}/execute`, { contactId: contact }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(Array(3).fill([409, "flow_archived"]));
  });

  test("is deleting a flow that was sent and is not archived, and one in which somebody is", async () => {
    const { id } = await add();
    await sendTo(id);
    expect((await remove(id)).body.code).toBe("flow_not_archived");
    await archive(id);
    expect((await remove(id)).body.code).toBe("flow_in_use");
    expect((await archive(id, "end")).body).toMatchObject({ stopped: 1, sendsLeft: 0 });
    await app.driver.runUntilIdle();
    expect((await remove(id)).status).toBe(200);
  });

  test("is deleting a flow that another one starts, before it was archived", async () => {
    const { id } = await add();
    const starts = chain(node("start"), node("start_flow", { flowId: id }));
    const parent = await editor.post("/api/flows", { name: "Parent", ...starts });
    expect(parent.status).toBe(201);
    expect((await remove(id)).body).toMatchObject({
      code: "flow_not_archived",
      error: expect.stringContaining("“Parent” starts this flow"),
    });
    await archive(id);
    expect((await remove(id)).status).toBe(200);
  });

  test("is restoring what is not in the bin, and what has been there for 30 days", async () => {
    const { id } = await add();
    expect((await restore(id)).body.code).toBe("flow_not_found");
    await remove(id);
    await sql`update flows set deleted_at = now() - interval '31 days' where id = ${id}`.execute(app.db.owner);
    expect((await restore(id)).body.code).toBe("flow_not_found");
    expect((await bin()).some((flow: { id: string }) => flow.id === id)).toBe(false);
  });
});

test("before a flow is archived one learns who is in it and which flows start it, drafts too", async () => {
  const child = await add();
  await sendTo(child.id);
  const graph = {
    nodes: [
      { id: "s", type: "start", position: { x: 0, y: 0 }, data: {} },
      { id: "f", type: "start_flow", position: { x: 0, y: 0 }, data: { label: "Go there", config: { flowId: child.id } } },
    ],
    edges: [{ id: "1", source: "s", target: "f" }],
  };
  const live = (await editor.post("/api/flows", { name: `A live ${randomUUID()}`, ...graph })).body;
  const draft = (await editor.post("/api/flows/import", { file: { name: `B draft ${randomUUID()}`, ...graph } })).body;
  const { body } = await editor.get(`/api/flows/${child.id}/archive`);
  expect(body).toEqual({
    people: 1,
    startedBy: [
      { flowId: live.id, flowName: live.name, nodeId: "f", step: "Go there", isDraft: false },
      { flowId: draft.id, flowName: draft.name, nodeId: "f", step: "Go there", isDraft: true },
    ],
  });

  await archive(child.id);
  const problem = { code: "flow_archived", nodeId: "f" };
  expect((await editor.get(`/api/flows/${live.id}`)).body.problems).toMatchObject([{ ...problem, severity: "warning" }]);
  const { problems, revision } = (await editor.get(`/api/flows/${draft.id}/draft`)).body;
  expect(problems).toMatchObject([{ ...problem, severity: "error" }]);
  expect((await editor.post(`/api/flows/${draft.id}/publish`, { revision })).body.code).toBe("flow_invalid");
  await editor.post(`/api/flows/${child.id}/unarchive`, {});
  expect((await editor.get(`/api/flows/${live.id}`)).body.problems).toEqual([]);
});

test("an archived flow is in the list of the archived alone, and comes back as it was", async () => {
  const { id, name } = await add();
  const before = (await editor.get(`/api/flows/${id}`)).body;
  await archive(id);
  expect(await namesIn()).not.toContain(name);
  expect(await namesIn("?archived=only")).toContain(name);
  expect((await editor.get(`/api/flows/${id}`)).body.archivedAt).not.toBeNull();
  const back = await editor.post(`/api/flows/${id}/unarchive`, {});
  expect(back.body).toEqual(before);
  expect((await sendTo(id)).status).toBe(202);
  const audited = await app.db.owner.selectFrom("audit_log").select("action").where("subject_id", "=", id).orderBy("created_at").execute();
  expect(audited.map(({ action }) => action)).toEqual(["flow.create", "flow.archive", "flow.unarchive"]);
});

describe("a deleted flow", () => {
  test("is nowhere but in the bin, its name is free, and it is restored with its draft under a name that is free", async () => {
    const { id, name } = await add();
    const { revision } = (await editor.get(`/api/flows/${id}/draft`)).body;
    await editor.patch(`/api/flows/${id}/draft`, { baseRevision: revision, nodes: { drop: ["wait"] } });
    await remove(id);
    expect(await namesIn()).not.toContain(name);
    for (const path of ["", "/draft", "/export", "/archive"]) expect((await editor.get(`/api/flows/${id}${path}`)).status, path).toBe(404);
    expect((await sendTo(id)).body.code).toBe("flow_not_found");
    const lies = (await bin()).find((flow: { id: string }) => flow.id === id);
    expect(lies).toMatchObject({ name, stepCount: 4, deletedByName: expect.stringContaining("editor") });
    await add(name);
    expect((await restore(id)).body.name).toBe(`${name} 2`);
    expect((await editor.get(`/api/flows/${id}/draft`)).body.nodes).toHaveLength(4);
    expect((await bin()).some((flow: { id: string }) => flow.id === id)).toBe(false);
  });

  test("has a history that is read as before: its sends, its enrollments, its messages, and their path", async () => {
    const name = `Flow ${randomUUID()}`;
    const { id } = (await editor.post("/api/flows/from-template", { templateId: "follow-up", name })).body;
    const sent = (await sendTo(id)).body;
    await app.driver.runUntilIdle();
    await archive(id, "end");
    await app.driver.runUntilIdle();
    const read = async () => {
      const executions = (await editor.get(`/api/executions?flowId=${id}`)).body.items;
      const all = (await editor.get("/api/executions")).body.items.filter((one: { flowId: string }) => one.flowId === id);
      const steps = (await editor.get(`/api/executions/${executions[0].id}/steps`)).body;
      const version = (await editor.get(`/api/flow-versions/${executions[0].flowVersionId}`)).body;
      const messages = (await editor.get("/api/messages")).body.items.filter((one: { flowName: string }) => one.flowName === name);
      return { executions, all, steps, version, messages, send: (await editor.get(`/api/sends/${sent.send.id}`)).body };
    };
    const before = await read();
    expect([before.executions.length, before.all.length, before.messages.length]).toEqual([1, 1, 1]);
    expect((await remove(id)).status).toBe(200);
    expect(await read()).toEqual(before);
    // Also when its days in the bin are over.
    await sql`update flows set deleted_at = now() - interval '31 days' where id = ${id}`.execute(app.db.owner);
    await deleteExpiredRows(app.db.owner);
    expect(await read()).toEqual(before);
  });

  test("is gone for good after 30 days where it was never sent, and not a day sooner", async () => {
    const [old, young] = [await add(), await add()];
    for (const { id } of [old, young]) await remove(id);
    await sql`update flows set deleted_at = now() - interval '31 days' where id = ${old.id}`.execute(app.db.owner);
    await deleteExpiredRows(app.db.owner);
    const left = await app.db.owner.selectFrom("flows").select("id").where("id", "in", [old.id, young.id]).execute();
    expect(left).toEqual([{ id: young.id }]);
  });
});
