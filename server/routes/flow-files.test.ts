import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FlowFile } from "#contract/flow-files.ts";
import { flowLimits } from "#contract/flows.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import type { Client } from "#test/http-client.ts";
import { randomFlow } from "#test/random-flow.ts";
import { seedHistory } from "#test/seed-history.ts";
import { flowTemplates } from "../templates/flow-templates.ts";

let app: TestApp;
let editor: Client;
let elsewhere: Client;
beforeAll(async () => {
  app = await startTestApp();
  editor = await app.ours.as("editor");
  elsewhere = await app.theirs.as("editor");
});
afterAll(() => app.stop());

const load = (file: unknown, more: object = {}, client = editor) => client.post("/api/flows/import", { file, ...more });
const save = async (id: string, query = "", client = editor) => (await client.get(`/api/flows/${id}/export${query}`)).body;
const named = () => `File ${randomUUID()}`;

/** A flow as another product has it, with every kind of trouble. */
const theirs = () => ({
  id: "abcde123456789",
  workspace_id: "w",
  name: named(),
  status: "active",
  nodes: [
    { id: "t", type: "trigger", position: { x: 0, y: 0 }, data: { label: "In", color: "green" } },
    {
      id: "a",
      type: "action",
      position: { x: 0, y: 100 },
      data: { actionType: "send-message", config: { text: "Hi {{ firstName }}" }, note: "Said first" },
    },
    { id: "n", type: "action", position: { x: 0, y: 200 }, data: { actionType: "assign_agent", config: { agent: "Ada" } } },
    {
      id: "if",
      type: "condition",
      position: { x: 0, y: 300 },
      data: { branches: [{ id: "b1", conditions: [{ field: "leadStatus", operator: "equals", value: "Warm" }] }] },
    },
    { id: "d", type: "delay", position: { x: 0, y: 400 }, data: { delay: 90 } },
  ],
  edges: [
    { id: "e1", source: "t", target: "a", type: "smoothstep", data: { note: "to everybody", animated: true } },
    { id: "e2", source: "a", target: "n" },
    { id: "e3", source: "n", target: "if" },
    { id: "e4", source: "if", target: "d" },
  ],
  settings: { workflowSettings: { stopOnResponse: true } },
});

describe("an import is refused", () => {
  test("for whoever may not edit, and into a folder of another workspace", async () => {
    expect((await load(theirs(), {}, await app.ours.as("viewer"))).status).toBe(403);
    const foreign = await app.db.owner
      .insertInto("flow_folders")
      .values({ workspace_id: app.theirs.workspaceId, name: "Theirs" })
      .returning("id")
      .executeTakeFirstOrThrow();
    const { status, body } = await load(theirs(), { folderId: foreign.id });
    expect([status, body.problems[0].path]).toEqual([400, "folderId"]);
  });

  test("with every problem of the file at once, and no flow is made", async () => {
    const before = (await editor.get("/api/flows")).body.items.length;
    const { status, body } = await load(JSON.stringify({ nodes: [{ id: "a" }, { id: "a" }, 5], edges: [{ source: "a" }] }));
    expect([status, body.code]).toEqual([422, "flow_file_invalid"]);
    expect(body.problems.length).toBeGreaterThanOrEqual(3);
    expect((await editor.get("/api/flows")).body.items).toHaveLength(before);
  });

  test("of a file of 5 MB, in words", async () => {
    const nodes = Array.from({ length: 10_000 }, (_, index) => ({ id: `n${index}`, type: "end", data: { text: "x".repeat(450) } }));
    const { status, body } = await load(JSON.stringify({ nodes, edges: [] }));
    expect([status, body.code]).toEqual([422, "flow_file_invalid"]);
    expect(body.problems[0].message).toContain(`at most ${flowLimits.nodes}`);
  });

  test("under a name that another flow has", async () => {
    const { body } = await load(theirs());
    expect((await load(theirs(), { name: body.name.toUpperCase() })).body.code).toBe("flow_name_taken");
  });

  test("where what is kept of how it came in makes it too large, and says by how much", async () => {
    const text = "x".repeat(30_000);
    const nodes = Array.from({ length: 24 }, (_, index) => ({ id: `n${index}`, type: "send-email", data: { subject: "S", body: text } }));
    const { status, body } = await load({ nodes });
    expect([status, body.code]).toEqual([422, "flow_too_large"]);
    expect(body.problems[0].message).toMatch(/at most 1024 KiB; this one would have \d+/);
  });
});

describe("an import", () => {
  test("lands in a draft with a report of every step, and cannot be sent before it is published", async () => {
    const file = theirs();
    const { status, body } = await load(JSON.stringify(file));
    expect(status).toBe(201);
    expect(body.name).toBe(file.name);
    expect((await editor.get(`/api/flows/${body.id}`)).body.nodes).toEqual([]);
    const draft = (await editor.get(`/api/flows/${body.id}/draft`)).body;
    expect(draft.isDraft).toBe(true);
    expect(draft.nodes.map(({ type }: { type: string }) => type)).toEqual(["start", "send_sms", "assign_agent", "condition", "delay"]);
    expect(draft.nodes[1].data).toMatchObject({ note: "Said first", config: { text: "Hi {{ first_name }}" } });
    expect(draft.edges[0]).toMatchObject({ type: "smoothstep", data: { note: "to everybody", animated: true } });
    const told = (kind: string) => body.lines.filter((line: { kind: string }) => line.kind === kind);
    expect(told("changed").map(({ nodeId }: { nodeId: string }) => nodeId)).toEqual(expect.arrayContaining(["t", "a", "if", "d"]));
    expect(told("without_effect").map(({ message }: { message: string }) => message)).toEqual([
      expect.stringContaining("color"),
      expect.stringContaining("workflowSettings, status"),
    ]);
    // A placeholder, and a connection that leaves a condition by no name.
    expect(told("choice").map(({ nodeId, edgeId }: { nodeId?: string; edgeId?: string }) => edgeId ?? nodeId)).toEqual(["n", "e4"]);
    const audited = await app.db.owner.selectFrom("audit_log").select("action").where("subject_id", "=", body.id).execute();
    expect(audited).toEqual([{ action: "flow.import" }]);
  });

  test("is reported again later, without what was set up since", async () => {
    const { body } = await load(theirs());
    const report = async () => (await editor.get(`/api/flows/${body.id}/import-report`)).body.lines;
    expect(await report()).toEqual(body.lines);
    const { revision, edges } = (await editor.get(`/api/flows/${body.id}/draft`)).body;
    const edge = edges.find(({ id }: { id: string }) => id === "e4");
    const change = { baseRevision: revision, edges: { put: [{ ...edge, sourceHandle: "b1" }] }, nodes: { drop: ["n"] } };
    expect((await editor.patch(`/api/flows/${body.id}/draft`, change)).status).toBe(200);
    expect(
      (await report()).filter(
        ({ kind, edgeId, nodeId }: { kind: string; edgeId?: string; nodeId?: string }) =>
          kind === "choice" && (edgeId === "e4" || nodeId === "n"),
      ),
    ).toEqual([]);
  });

  test("is not published while it is undecided who gets a message of it", async () => {
    const nodes = [
      { id: "s", type: "start", data: {} },
      { id: "m", type: "send_sms", data: { message: "A new lead", to: "+12025550101" } },
    ];
    const { body } = await load({ name: named(), nodes, edges: [{ id: "e", source: "s", target: "m" }] });
    expect(body.lines.filter(({ kind }: { kind: string }) => kind === "choice")).toHaveLength(1);
    const { revision, nodes: drafted } = (await editor.get(`/api/flows/${body.id}/draft`)).body;
    const publish = (baseRevision: string) => editor.post(`/api/flows/${body.id}/publish`, { revision: baseRevision });
    const refused = await publish(revision);
    expect(refused.status).toBe(422);
    const { undecided: _undecided, ...data } = drafted[1].data;
    const change = { baseRevision: revision, nodes: { put: [{ ...drafted[1], data }] } };
    const patched = await editor.patch(`/api/flows/${body.id}/draft`, change);
    expect(patched.status).toBe(200);
    const { revision: decided } = (await editor.get(`/api/flows/${body.id}/draft`)).body;
    expect((await publish(decided)).status).toBe(200);
  });

  test("comes back as it came in, but for what belongs to where it was stored", async () => {
    const { id: _id, workspace_id: _workspace, ...file } = theirs();
    const { body } = await load(file);
    expect(await save(body.id, "?as=imported")).toEqual(file);
  });

  test("names what it misses: a flow and a secret of the workspace it comes from", async () => {
    const config = { method: "POST", url: "https://example.com/", headers: [{ name: "X-Key", value: "{{ secrets.gone_key }}" }] };
    const nodes = [
      { id: "s", type: "start", data: {} },
      { id: "f", type: "start_flow", data: { config: { flowId: randomUUID() } } },
      { id: "w", type: "webhook", data: { config } },
    ];
    const edges = [
      { id: "1", source: "s", target: "f" },
      { id: "2", source: "f", sourceHandle: "started", target: "w" },
    ];
    const { body } = await load({ name: named(), nodes, edges });
    const choices = body.lines.filter(({ kind }: { kind: string }) => kind === "choice");
    expect(choices.map(({ nodeId }: { nodeId: string }) => nodeId).sort()).toEqual(["f", "w"]);
  });

  test("is numbered where its name is taken", async () => {
    const file = theirs();
    await load(file);
    expect((await load(file)).body.name).toBe(`${file.name} 2`);
  });
});

describe("an export", () => {
  test("is refused for a flow and a version that are not there, or another workspace's", async () => {
    const flow = await (await seedHistory(app.db.owner, app.theirs.workspaceId)).flow();
    for (const [path, code] of [
      [`${flow}/export`, "flow_not_found"],
      [`${randomUUID()}/export?of=live`, "flow_not_found"],
      [`${flow}/export?of=${randomUUID()}`, "not_found"],
    ] as const) {
      const { status, body } = await editor.get(`/api/flows/${path}`);
      expect([status, body.code]).toEqual([404, code]);
    }
  });

  test("has what the flow needs beside it, its folder, and one order of keys", async () => {
    const inserted = async (name: string, parent: string | null) =>
      (
        await app.db.owner
          .insertInto("flow_folders")
          .values({ workspace_id: app.ours.workspaceId, name, parent_id: parent })
          .returning("id")
          .executeTakeFirstOrThrow()
      ).id;
    const folderId = await inserted("Spring", await inserted("Sales", null));
    const other = (await editor.post("/api/flows/from-template", { templateId: "welcome", name: named() })).body;
    const nodes = [
      { position: { y: 1, x: 2 }, type: "start", data: {}, id: "s" },
      {
        id: "m",
        type: "send_sms",
        position: { x: 0, y: 0 },
        data: { config: { text: "{{ plan }} {{ custom['Shoe Size'] }} {{ variables.x }} {{ firstname }}" }, label: "Say" },
      },
      {
        id: "u",
        type: "update_contact",
        position: { x: 0, y: 0 },
        data: {
          config: {
            changes: [
              { field: "tags", operation: "add_tag", value: "vip" },
              { field: "custom.shoe", operation: "set", value: "1" },
            ],
          },
        },
      },
      { id: "v", type: "set_variable", position: { x: 0, y: 0 }, data: { config: { name: "x", value: "1" } } },
      { id: "f", type: "start_flow", position: { x: 0, y: 0 }, data: { config: { flowId: other.id } } },
    ];
    const { body } = await load({ name: named(), nodes, edges: [] }, { folderId });
    const file = await save(body.id);
    expect(FlowFile.safeParse(file).success).toBe(true);
    expect(file.folder).toEqual(["Sales", "Spring"]);
    expect(file.requires).toEqual({
      secrets: [],
      fields: ["custom.plan", 'custom["Shoe Size"]', "custom.shoe"].sort(),
      tags: ["vip"],
      flows: [{ id: other.id, name: other.name }],
    });
    expect(Object.keys(file)).toEqual(["sluice", "version", "name", "nodes", "edges", "settings", "folder", "requires"]);
    expect(Object.keys(file.nodes[0])).toEqual(["id", "type", "position", "data"]);
    expect(Object.keys(file.nodes[0].position)).toEqual(["x", "y"]);
    expect(Object.keys(file.nodes[1].data)).toEqual(["label", "config"]);
  });

  test("is of the draft, of what is live, or of a version, as asked", async () => {
    const flow = (await editor.post("/api/flows/from-template", { templateId: "welcome", name: named() })).body;
    const { revision } = (await editor.get(`/api/flows/${flow.id}/draft`)).body;
    await editor.patch(`/api/flows/${flow.id}/draft`, { baseRevision: revision, name: "Edited" });
    expect((await save(flow.id)).name).toBe("Edited");
    expect((await save(flow.id, "?of=live")).name).toBe(flow.name);
    const draft = (await editor.get(`/api/flows/${flow.id}/draft`)).body;
    const published = await editor.post(`/api/flows/${flow.id}/publish`, { revision: draft.revision });
    expect((await save(flow.id, `?of=${published.body.version.id}`)).nodes).toHaveLength(5);
  });

  test("of whatever another tool wrote into a flow leaves nothing out", async () => {
    const nodes = [{ id: "a", type: "end", extra: { deep: [1, null] } }, "not a step", { type: 7 }];
    const odd = await app.db.owner
      .insertInto("flows")
      .values({ workspace_id: app.ours.workspaceId, name: named(), nodes: JSON.stringify(nodes), edges: JSON.stringify([{ id: 5 }]) })
      .returning("id")
      .executeTakeFirstOrThrow();
    expect(await save(odd.id)).toMatchObject({ nodes, edges: [{ id: 5 }] });
  });
});

test("export, import and export again give the same file, elsewhere too: of every template and of any flow", async () => {
  const check = async (flow: { nodes: unknown[]; edges: unknown[]; settings?: object }) => {
    const first = await save((await load({ name: named(), ...flow })).body.id);
    const again = await load(JSON.stringify(first), {}, elsewhere);
    expect(again.status, JSON.stringify(again.body)).toBe(201);
    const second = await save(again.body.id, "", elsewhere);
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  };
  for (const { flow } of flowTemplates) await check(flow);
  await check(theirs());
  const any = fc.tuple(
    fc.integer({ min: 2, max: 25 }),
    fc.integer(),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
  );
  await fc.assert(
    fc.asyncProperty(any, async ([steps, seed, settings]) =>
      check({ ...randomFlow(steps, seed), settings: JSON.parse(JSON.stringify(settings)) }),
    ),
    { numRuns: 25 },
  );
});
