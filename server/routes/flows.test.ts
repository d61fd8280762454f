import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import type { Client } from "#test/http-client.ts";
import { type HistorySeed, sampleEdges, sampleNodes, seedHistory } from "#test/seed-history.ts";

let app: TestApp;
let editor: Client;
let ours: HistorySeed;
let theirs: HistorySeed;
beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
  ours = await seedHistory(app.db.owner, app.ours.workspaceId);
  theirs = await seedHistory(app.db.owner, app.theirs.workspaceId);
});
afterAll(() => app.stop());

const input = (more: Record<string, unknown> = {}) => ({ name: "Welcome", nodes: sampleNodes, edges: sampleEdges, ...more });
const storedFlows = () => app.db.owner.selectFrom("flows").selectAll().where("workspace_id", "=", app.ours.workspaceId).execute();

describe("saving is refused", () => {
  test("with every problem of the graph at once, each at its node or edge, and nothing is saved", async () => {
    const before = await storedFlows();
    const nodes = [
      ...sampleNodes,
      { id: "odd", type: "teleport", position: { x: 0, y: 0 }, data: {} },
      { ...sampleNodes[1], id: "bare", data: {} },
    ];
    const edges = [...sampleEdges, { id: "lost", source: "hello", target: "nowhere" }];
    const { status, body } = await editor.post("/api/flows", input({ nodes, edges }));
    expect(status).toBe(422);
    expect(body).toMatchObject({ success: false, code: "flow_invalid" });
    expect(body.problems.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(["nodes.odd", "nodes.bare", "edges.lost"]),
    );
    expect(await storedFlows()).toEqual(before);
  });

  test("where it asks that nothing be written over, which this call cannot promise; the draft can", async () => {
    const { body: made } = await editor.post("/api/flows", input());
    const asking = (condition: string) => editor.with({ "if-match": condition }).put(`/api/flows/${made.id}`, input({ name: "Other" }));
    for (const condition of ['"1"', "nonsense", 'W/"1"']) {
      const { status, body } = await asking(condition);
      expect({ status, path: body.problems?.[0]?.path, message: body.problems?.[0]?.message }).toEqual({
        ...{ status: 400, path: "If-Match" },
        message: expect.stringContaining("draft"),
      });
    }
    expect((await editor.get(`/api/flows/${made.id}`)).body.name).toBe("Welcome");
    // It asks only that the flow is there.
    expect((await asking("*")).status).toBe(200);
  });

  test("for an edit, and the flow stays as it was", async () => {
    const made = await editor.post("/api/flows", input());
    const { status } = await editor.put(
      `/api/flows/${made.body.id}`,
      input({ name: "Broken", edges: [{ id: "x", source: "start", target: "gone" }] }),
    );
    expect(status).toBe(422);
    expect((await editor.get(`/api/flows/${made.body.id}`)).body).toEqual(made.body);
  });

  test("for a loop without a rest", async () => {
    const edges = [...sampleEdges.slice(0, 1), { id: "back", source: "hello", target: "hello", sourceHandle: "sent" }];
    const { status, body } = await editor.post("/api/flows", input({ edges }));
    expect([status, body.code]).toEqual([422, "flow_invalid"]);
  });

  test.each([
    ["an unknown field", { owner: "me" }, "owner"],
    ["a name of nothing but spaces", { name: "  " }, "name"],
    ["nodes that are no list", { nodes: {} }, "nodes"],
    ["a node without an id", { nodes: [{ type: "start", data: {} }] }, "nodes.0.id"],
  ])("for %s", async (_what, more, path) => {
    const { status, body } = await editor.post("/api/flows", input(more));
    expect([status, body.code]).toEqual([400, "invalid_request"]);
    expect(body.problems.map((problem: { path: string }) => problem.path)).toContain(path);
  });

  test.each(["__proto__", "constructor", "prototype"])("for a property named %s anywhere in it", async (key) => {
    for (const raw of [
      `{"name":"x","nodes":[{"id":"start","type":"start","data":{"config":{"${key}":{"admin":true}}}}],"edges":[]}`,
      `{"name":"x","nodes":${JSON.stringify(sampleNodes)},"edges":${JSON.stringify(sampleEdges)},"settings":{"${key}":{"admin":true}}}`,
    ]) {
      const { status } = await editor.request("POST", "/api/flows", { raw });
      expect(status).toBe(400);
    }
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test("in a folder of another workspace, with the same words as in one that does not exist", async () => {
    const theirFolder = await app.db.owner
      .insertInto("flow_folders")
      .values({ name: "Theirs", workspace_id: app.theirs.workspaceId, parent_id: null })
      .returning("id")
      .executeTakeFirstOrThrow();
    const foreign = await editor.post("/api/flows", input({ folderId: theirFolder.id }));
    const missing = await editor.post("/api/flows", input({ folderId: randomUUID() }));
    expect(foreign.status).toBe(400);
    expect(foreign.body.problems).toEqual(missing.body.problems);
  });

  test("to viewers", async () => {
    const { status } = await (await app.ours.as("viewer")).post("/api/flows", input());
    expect(status).toBe(403);
  });
});

describe("a flow of another workspace", () => {
  test("and one that does not exist are the same to a stranger", async () => {
    const id = await theirs.flow();
    const version = await theirs.version(id);
    const without = ({ requestId: _, ...body }: Record<string, unknown>) => body;
    for (const [path, other] of [
      [`/api/flows/${id}`, `/api/flows/${randomUUID()}`],
      [`/api/flow-versions/${version}`, `/api/flow-versions/${randomUUID()}`],
    ] as const) {
      const [foreign, missing] = [await editor.get(path), await editor.get(other)];
      expect(foreign.status).toBe(404);
      expect(without(foreign.body)).toEqual(without(missing.body));
    }
    expect((await editor.put(`/api/flows/${id}`, input())).body.code).toBe("flow_not_found");
    expect((await editor.get("/api/flows")).text).not.toContain(id);
  });
});

describe("a saved flow", () => {
  test("comes back as it went in, fields we do not know included", async () => {
    const [start, ...rest] = sampleNodes;
    const nodes = [{ ...start, width: 120, data: { label: "Begin", color: "teal", nested: { deep: [1, { x: null }] } } }, ...rest];
    const edges = [{ ...sampleEdges[0], type: "smoothstep", data: { note: "first" } }, sampleEdges[1]];
    const { status, body } = await editor.post("/api/flows", input({ nodes, edges, settings: { color: "blue" } }));
    expect(status).toBe(201);
    expect(body).toMatchObject({ name: "Welcome", nodes, edges, settings: { color: "blue" }, problems: [] });
    expect((await editor.get(`/api/flows/${body.id}`)).body).toEqual(body);
  });

  test("keeps its settings and folder when an edit does not speak of them", async () => {
    const folder = await app.db.owner
      .insertInto("flow_folders")
      .values({ name: "Campaigns", workspace_id: app.ours.workspaceId, parent_id: null })
      .returning("id")
      .executeTakeFirstOrThrow();
    const made = await editor.post("/api/flows", input({ settings: { a: 1 }, folderId: folder.id }));
    const edited = await editor.put(`/api/flows/${made.body.id}`, input({ name: "Renamed" }));
    expect(edited.body).toMatchObject({ name: "Renamed", settings: { a: 1 }, folderId: folder.id });
    const taken = await editor.put(`/api/flows/${made.body.id}`, input({ folderId: null }));
    expect(taken.body.folderId).toBeNull();
    expect((await editor.get("/api/flows")).body.folders).toContainEqual({ id: folder.id, name: "Campaigns", parentId: null });
  });

  test("is changed without changing the version that is under way", async () => {
    const made = await editor.post("/api/flows", input());
    const version = await ours.version(made.body.id);
    await editor.put(
      `/api/flows/${made.body.id}`,
      input({ nodes: [sampleNodes[0], sampleNodes[2]], edges: [{ id: "e", source: "start", target: "end" }] }),
    );
    const { body } = await editor.get(`/api/flow-versions/${version}`);
    expect(body).toMatchObject({ id: version, flowId: made.body.id, nodes: sampleNodes });
  });
});

describe("the list", () => {
  test("does not offer a flow that was begun and has no node yet", async () => {
    const made = await editor.post("/api/flows", input({ name: "Just begun", nodes: [], edges: [] }));
    expect(made.body).toMatchObject({ nodes: [], problems: [] });
    const { body } = await editor.get("/api/flows");
    const listed = body.items.find((flow: { id: string }) => flow.id === made.body.id);
    expect(listed).toMatchObject({ stepCount: 0, canStart: false, problemCount: 0 });
  });

  test("says of each flow how many steps it has, whether it can start, what it sends, and how it went", async () => {
    const flowId = await ours.flow({ name: "AAA first by name" });
    await ours.send(flowId, { created_at: "2026-01-01T00:00:00Z", counters: { enrolled: 10, completed: 4, failed: 1, cancelled: 1 } });
    await ours.send(flowId, { created_at: "2026-02-01T00:00:00Z", counters: { enrolled: 5, completed: 5 } });
    const { body } = await editor.get("/api/flows");
    expect(body.items[0]).toMatchObject({
      id: flowId,
      stepCount: 3,
      canStart: true,
      problemCount: 0,
      channels: ["sms"],
      enrolled: 15,
      active: 4,
      lastSentAt: "2026-02-01T00:00:00.000Z",
    });
  });

  test("shows what other tools wrote into the table, however broken, and says what is wrong with it", async () => {
    const broken = {
      "no list": await ours.flow({ name: "Broken", nodes: { a: 1 }, edges: [] }),
      "odd nodes": await ours.flow({
        name: "Broken",
        nodes: [null, 5, { id: "x" }, { id: "y", type: "start", data: null, position: null }],
      }),
    };
    const { status, body } = await editor.get("/api/flows");
    expect(status).toBe(200);
    for (const id of Object.values(broken)) {
      expect(body.items.find((flow: { id: string }) => flow.id === id)).toMatchObject({ canStart: false, channels: [] });
      const one = await editor.get(`/api/flows/${id}`);
      expect(one.status).toBe(200);
      expect(one.body.problems.length).toBeGreaterThan(0);
    }
    expect((await editor.get(`/api/flows/${broken["odd nodes"]}`)).body.nodes.map((node: { id: string }) => node.id)).toEqual(["y"]);
  });
});
