import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { discardedDrafts } from "#contract/flow-drafts.ts";
import { flowLimits } from "#contract/flows.ts";
import { scopes } from "#contract/people.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import type { Client } from "#test/http-client.ts";
import { sampleEdges, sampleNodes } from "#test/seed-history.ts";

let app: TestApp;
let ana: Client;
let bea: Client;
beforeAll(async () => {
  app = await startTestApp();
  ana = await app.ours.as("editor");
  bea = await app.ours.as("admin");
});
afterAll(() => app.stop());

const sms = (text: string, id = "hello") => ({
  id,
  type: "send_sms",
  position: { x: 0, y: 80 },
  data: { label: "Hello", config: { text } },
});

async function makeFlow(more: Record<string, unknown> = {}): Promise<string> {
  const { body } = await ana.post("/api/flows", { name: `Flow ${randomUUID()}`, nodes: sampleNodes, edges: sampleEdges, ...more });
  return body.id;
}
const at = (id: string) => `/api/flows/${id}/draft`;
const open = async (id: string, client = ana) => (await client.get(at(id))).body;
const save = (id: string, baseRevision: string, change: Record<string, unknown>, client = ana) =>
  client.patch(at(id), { baseRevision, ...change });
const put = (...nodes: object[]) => ({ nodes: { put: nodes } });
/** Saves one change on what is there now. */
const change = async (id: string, more: Record<string, unknown>, client = ana) =>
  (await save(id, (await open(id, client)).revision, more, client)).body;
const publish = (id: string, body: Record<string, unknown>, client = ana) => client.post(`/api/flows/${id}/publish`, body);
const textOf = (flow: { nodes: { id: string; data: { config?: { text?: string } } }[] }) =>
  flow.nodes.find(({ id }) => id === "hello")?.data.config?.text;

describe("a save is refused", () => {
  test("where somebody has saved since, with their name, and what they saved stays", async () => {
    const id = await makeFlow();
    const { revision } = await open(id);
    await change(id, put(sms("Bea was here")), bea);
    const { status, body } = await save(id, revision, put(sms("Ana overwrites")));
    expect([status, body.code]).toEqual([409, "draft_changed"]);
    expect(body.error).toContain("admin");
    expect(body.current).toEqual(await open(id));
    expect(textOf(await open(id))).toBe("Bea was here");
  });

  test("from a tab that was forgotten before the flow was published, also when a new draft was begun since", async () => {
    const id = await makeFlow();
    const forgotten = (await change(id, put(sms("One")))).revision;
    await publish(id, { revision: forgotten });
    expect((await save(id, forgotten, put(sms("Old")))).status).toBe(409);
    await change(id, put(sms("Two")));
    expect((await save(id, forgotten, put(sms("Old")))).status).toBe(409);
    expect(textOf(await open(id))).toBe("Two");
  });

  test("where what is live was replaced by the API since it was opened and there is no draft", async () => {
    const id = await makeFlow();
    const { revision } = await open(id);
    await ana.put(`/api/flows/${id}`, { name: "Other", nodes: sampleNodes, edges: sampleEdges });
    expect((await save(id, revision, put(sms("Old")))).body.code).toBe("draft_changed");
  });

  test("without a revision, with one in no known form, and with an id named twice", async () => {
    const id = await makeFlow();
    expect((await ana.patch(at(id), put(sms("x")))).body.problems[0].path).toBe("baseRevision");
    expect((await save(id, "nonsense", put(sms("x")))).body.code).toBe("draft_changed");
    const { revision } = await open(id);
    expect((await save(id, revision, { nodes: { put: [sms("a"), sms("b")] } })).status).toBe(400);
    expect((await save(id, revision, { nodes: { put: [sms("a")], drop: ["hello"] } })).status).toBe(400);
    expect((await open(id)).isDraft).toBe(false);
  });

  test("with the number where a flow would have a step too many, and nothing of it is kept", async () => {
    const id = await makeFlow();
    const nodes = Array.from({ length: flowLimits.nodes - sampleNodes.length + 1 }, (_, index) => sms("x", `n${index}`));
    const { status, body } = await save(id, (await open(id)).revision, put(...nodes));
    expect([status, body.code]).toEqual([422, "flow_too_large"]);
    expect(body.problems[0].message).toContain(`at most ${flowLimits.nodes} steps; this one would have ${flowLimits.nodes + 1}`);
    expect((await open(id)).isDraft).toBe(false);
  });

  test("with the size where its settings would be larger than those of a file may be", async () => {
    const id = await makeFlow();
    const settings = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`setting ${n}`, n]));
    const { status, body } = await save(id, (await open(id)).revision, { settings });
    expect([status, body.code, body.problems[0].path]).toEqual([422, "flow_too_large", "settings"]);
    expect((await open(id)).isDraft).toBe(false);
  });

  test("of two who save at the same moment on one revision, for one of them", async () => {
    const id = await makeFlow();
    const { revision } = await open(id);
    const answers = await Promise.all([0, 1, 2, 3].map((n) => save(id, revision, put(sms(`Text ${n}`)), n % 2 ? ana : bea)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  });

  test("for a flow of another workspace, as for one that does not exist", async () => {
    const id = await makeFlow();
    const stranger = await app.theirs.as("owner");
    for (const one of [id, randomUUID()]) {
      expect((await stranger.get(at(one))).body.code).toBe("flow_not_found");
      expect((await save(one, "x", put(sms("x")), stranger)).body.code).toBe("flow_not_found");
      expect((await publish(one, { revision: "x" }, stranger)).body.code).toBe("flow_not_found");
    }
  });
});

describe("a draft", () => {
  test("is what is live until somebody changes something, and looking at it makes none", async () => {
    const id = await makeFlow();
    const flow = (await ana.get(`/api/flows/${id}`)).body;
    expect(await open(id)).toMatchObject({ isDraft: false, name: flow.name, nodes: flow.nodes, edges: flow.edges, liveChanged: false });
    expect((await app.db.owner.selectFrom("flow_drafts").select("flow_id").where("flow_id", "=", id).execute()).length).toBe(0);
  });

  test("changes by nodes, edges, name and settings; what is live stays as it was", async () => {
    const id = await makeFlow();
    const live = (await ana.get(`/api/flows/${id}`)).body;
    const saved = await change(id, {
      name: "New name",
      nodes: { put: [sms("Changed"), { id: "bye", type: "end", data: {} }] },
      edges: { put: [{ id: "new", source: "hello", target: "bye" }], drop: [sampleEdges.at(-1)?.id, "not there"] },
    });
    expect(saved).toMatchObject({ isDraft: true, liveChanged: false });
    expect(saved).not.toHaveProperty("nodes");
    const draft = await open(id);
    expect([draft.name, draft.revision, textOf(draft)]).toEqual(["New name", saved.revision, "Changed"]);
    expect(draft.nodes.map((node: { id: string }) => node.id)).toEqual([...sampleNodes.map((node) => node.id), "bye"]);
    expect(draft.edges.map((edge: { id: string }) => edge.id)).toEqual([...sampleEdges.slice(0, -1).map((edge) => edge.id), "new"]);
    expect((await ana.get(`/api/flows/${id}`)).body).toEqual(live);
  });

  test("is saved unfinished, with its problems", async () => {
    const id = await makeFlow();
    const saved = await change(id, {
      nodes: {
        put: [
          { id: "odd", type: "teleport", data: {} },
          { id: "bare", type: "send_sms", data: {} },
        ],
      },
    });
    expect(saved.problems.map(({ code, nodeId }: { code: string; nodeId: string }) => [code, nodeId])).toEqual(
      expect.arrayContaining([
        ["unknown_node_type", "odd"],
        ["missing_config", "bare"],
      ]),
    );
  });

  test("that has come back to what is live is none any more", async () => {
    const id = await makeFlow();
    const before = await open(id);
    await change(id, put(sms("Changed")));
    const saved = await change(id, { nodes: { put: before.nodes } });
    expect([saved.isDraft, saved.revision]).toEqual([false, before.revision]);
  });

  test("keeps what other tools wrote and nobody here can read", async () => {
    const id = await makeFlow();
    const odd = { kind: "note of another tool" };
    await sql`update flows set nodes = nodes || ${JSON.stringify([odd])}::jsonb where id = ${id}`.execute(app.db.owner);
    await change(id, put(sms("Changed")));
    const row = await app.db.owner.selectFrom("flow_drafts").select("nodes").where("flow_id", "=", id).executeTakeFirstOrThrow();
    expect(row.nodes).toContainEqual(odd);
  });

  test("takes its revision as If-Match too, and answers with it as ETag", async () => {
    const id = await makeFlow();
    const first = await ana.get(at(id));
    expect(first.headers.get("etag")).toBe(`"${first.body.revision}"`);
    const saved = await ana.with({ "if-match": first.headers.get("etag") as string }).patch(at(id), put(sms("By header")));
    expect([saved.status, saved.headers.get("etag")]).toEqual([200, `"${saved.body.revision}"`]);
    expect((await ana.with({ "if-match": first.headers.get("etag") as string }).patch(at(id), put(sms("Again")))).status).toBe(409);
  });

  test("says that what is live was changed since it began", async () => {
    const id = await makeFlow();
    await change(id, put(sms("Mine")));
    await ana.put(`/api/flows/${id}`, { name: "By API", nodes: sampleNodes, edges: sampleEdges });
    expect((await open(id)).liveChanged).toBe(true);
  });

  test("that was thrown away can be brought back, and the last twenty are kept", async () => {
    const id = await makeFlow();
    for (let n = 0; n < discardedDrafts.most + 2; n += 1) {
      const { revision } = await change(id, put(sms(`Draft ${n}`)));
      expect((await ana.delete(`${at(id)}?revision=${revision}`)).body).toMatchObject({ isDraft: false });
    }
    const { items } = (await ana.get(`/api/flows/${id}/discarded-drafts`)).body;
    expect(items).toHaveLength(discardedDrafts.most);
    const { revision } = await open(id);
    const restored = await ana.post(`${at(id)}/restore`, { baseRevision: revision, from: { type: "discarded", id: items[1].id } });
    expect([restored.status, textOf(restored.body)]).toEqual([200, `Draft ${discardedDrafts.most}`]);
    const elsewhere = await makeFlow();
    const other = { baseRevision: (await open(elsewhere)).revision, from: { type: "discarded", id: items[1].id } };
    expect((await ana.post(`${at(elsewhere)}/restore`, other)).status).toBe(404);
  });
});

describe("publishing is refused", () => {
  test("with every error of the draft at once, and nothing goes live", async () => {
    const id = await makeFlow();
    const live = (await ana.get(`/api/flows/${id}`)).body;
    const { revision } = await change(id, {
      nodes: {
        put: [
          { id: "odd", type: "teleport", data: {} },
          { id: "bare", type: "send_sms", data: {} },
        ],
      },
    });
    const { status, body } = await publish(id, { revision });
    expect([status, body.code]).toEqual([422, "flow_invalid"]);
    expect(body.problems.map(({ path }: { path: string }) => path)).toEqual(expect.arrayContaining(["nodes.odd", "nodes.bare"]));
    expect((await ana.get(`/api/flows/${id}`)).body).toEqual(live);
    expect((await open(id)).isDraft).toBe(true);
  });

  test("on a revision that is not the present one, and where there is nothing to publish", async () => {
    const id = await makeFlow();
    const { revision } = await open(id);
    expect((await publish(id, { revision })).body.code).toBe("nothing_to_publish");
    const old = (await change(id, put(sms("One")))).revision;
    await change(id, put(sms("Two")), bea);
    expect((await publish(id, { revision: old })).body.code).toBe("draft_changed");
  });

  test("over what the API wrote since, unless that is named", async () => {
    const id = await makeFlow();
    const { revision } = await change(id, put(sms("Mine")));
    await ana.put(`/api/flows/${id}`, { name: "By API", nodes: sampleNodes, edges: sampleEdges });
    expect((await publish(id, { revision })).body.code).toBe("live_changed");
    expect((await publish(id, { revision, replaces: "another" })).body.code).toBe("live_changed");
    expect((await publish(id, { revision, replaces: (await open(id)).live })).status).toBe(200);
  });

  test("to a key that may write flows and not send them, or not do what a step does", async () => {
    const id = await makeFlow();
    const { revision } = await change(id, { nodes: { put: [{ id: "hello", type: "consent", data: { config: { sms: "opt_out" } } }] } });
    for (const lacking of ["flows:send", "contacts:write"] as const) {
      const key = await app.ours.key(scopes.filter((scope) => scope !== lacking && scope !== "admin"));
      const { status, body } = await publish(id, { revision }, key);
      expect([lacking, status]).toEqual([lacking, 403]);
      expect(body.error).toContain(lacking);
    }
    expect((await open(id)).isDraft).toBe(true);
  });

  test("by a viewer", async () => {
    const id = await makeFlow();
    const { revision } = await change(id, put(sms("Mine")));
    expect((await publish(id, { revision }, await app.ours.as("viewer"))).status).toBe(403);
  });

  test("of many who publish one draft at the same moment, for all but one", async () => {
    const id = await makeFlow();
    const { revision } = await change(id, put(sms("Mine")));
    const codes = (await Promise.all([ana, bea, ana, bea].map((client) => publish(id, { revision }, client)))).map(
      ({ status, body }) => body.code ?? status,
    );
    expect(codes.filter((code) => code === 200)).toHaveLength(1);
    expect(new Set(codes)).toEqual(new Set([200, "nothing_to_publish"]));
  });
});

describe("publishing", () => {
  test("makes the draft live as a version, with who and why, and ends the draft", async () => {
    const id = await makeFlow();
    const { revision } = await change(id, { name: "Published", ...put(sms("New text")) });
    const { status, body } = await publish(id, { revision, note: "  Shorter text " });
    expect(status).toBe(200);
    expect([body.flow.name, textOf(body.flow)]).toEqual(["Published", "New text"]);
    expect((await open(id)).isDraft).toBe(false);
    const { items } = (await ana.get(`/api/flows/${id}/versions`)).body;
    expect(items[0]).toMatchObject({
      id: body.version.id,
      number: body.version.number,
      isLive: true,
      note: "Shorter text",
      sends: 0,
      active: 0,
    });
    expect(items[0].publishedByName).toContain("editor");
    const version = (await ana.get(`/api/flow-versions/${body.version.id}`)).body;
    expect(textOf(version)).toBe("New text");
  });

  test("of an earlier version that was restored makes that version live again, whatever came between", async () => {
    const id = await makeFlow();
    const texts = ["One", "Two", "Three"];
    const numbers: number[] = [];
    for (const text of texts)
      numbers.push((await publish(id, { revision: (await change(id, put(sms(text)))).revision })).body.version.number);
    const { items } = (await ana.get(`/api/flows/${id}/versions`)).body;
    const first = items.find(({ number }: { number: number }) => number === numbers[0]);
    const { revision } = await open(id);
    const restored = (await ana.post(`/api/flows/${id}/draft/restore`, { baseRevision: revision, from: { type: "version", id: first.id } }))
      .body;
    expect(textOf(restored)).toBe("One");
    expect(textOf((await ana.get(`/api/flows/${id}`)).body)).toBe("Three");
    const again = await publish(id, { revision: restored.revision, note: "Back" });
    expect(again.body.version).toEqual({ id: first.id, number: numbers[0] });
    const after = (await ana.get(`/api/flows/${id}/versions`)).body.items;
    expect(
      after.filter(({ isLive }: { isLive: boolean }) => isLive).map(({ id: one, note }: { id: string; note: string }) => [one, note]),
    ).toEqual([[first.id, "Back"]]);
  });

  test("leaves who is in the flow on the version they began with", async () => {
    const wait = { id: "wait", type: "delay", position: { x: 0, y: 0 }, data: { config: { mode: "duration", amount: 2, unit: "days" } } };
    const id = await makeFlow({
      nodes: [{ id: "start", type: "start", data: {} }, wait, sms("After two days"), { id: "end", type: "end", data: {} }],
      edges: [
        { id: "a", source: "start", target: "wait" },
        { id: "b", source: "wait", target: "hello" },
        { id: "c", source: "hello", target: "end" },
      ],
    });
    const contact = (await ana.post("/api/contacts", { firstname: "Waiting", phoneNumber: "+14155550199" })).body;
    const sent = await ana.post("/api/sends", { flowId: id, selection: { type: "ids", ids: [contact.id] } });
    const { revision } = await change(id, put(sms("Other text")));
    await publish(id, { revision });
    const { items } = (await ana.get(`/api/flows/${id}/versions`)).body;
    expect(
      items.map(({ number, active, isLive }: { number: number; active: number; isLive: boolean }) => [number, active, isLive]),
    ).toEqual([
      [2, 0, true],
      [1, 1, false],
    ]);
    const pinned = (await ana.get(`/api/flow-versions/${sent.body.send.flowVersionId}`)).body;
    expect(textOf(pinned)).toBe("After two days");
  });
});

describe("settings that nothing here reads", () => {
  const told = async (id: string) => (await open(id)).problems.filter(({ code }: { code: string }) => code === "setting_unread");

  test("are told, whoever wrote them: by SQL, by the API or into the draft; and they are kept", async () => {
    const id = await makeFlow();
    expect(await told(id)).toEqual([]);
    await app.db.owner
      .updateTable("flows")
      .set({ settings: JSON.stringify({ stopOnReply: true }) })
      .where("id", "=", id)
      .execute();
    expect(await told(id)).toMatchObject([{ severity: "warning", message: expect.stringContaining("stopOnReply") }]);
    await ana.put(`/api/flows/${id}`, { name: "Other", nodes: sampleNodes, edges: sampleEdges, settings: { color: "blue" } });
    expect(await told(id)).toMatchObject([{ message: expect.stringContaining("color") }]);
    await change(id, { settings: { color: "blue", quietHours: "ignore" } });
    expect(await told(id)).toMatchObject([{ message: expect.stringContaining("color, quietHours") }]);
    const { revision, settings } = await open(id);
    expect((await publish(id, { revision })).status).toBe(200);
    expect(settings).toEqual({ color: "blue", quietHours: "ignore" });
  });
});

describe("two contents are compared", () => {
  test("by steps, exits, names and settings, and places on a canvas mean nothing", async () => {
    const id = await makeFlow();
    const { nodes, edges } = (await ana.get(`/api/flows/${id}`)).body;
    await change(id, {
      name: "Renamed",
      nodes: { put: [sms("Changed"), { id: "bye", type: "end", data: {} }, { ...nodes[0], position: { x: 900, y: 900 } }] },
      edges: { put: [{ ...edges[0], id: "another-id" }], drop: [edges[0].id] },
    });
    const { changes } = (await ana.get(`/api/flows/${id}/compare?from=live&to=draft`)).body;
    const before = nodes.find((node: { id: string }) => node.id === "hello");
    expect(changes.filter(({ path }: { path?: string }) => path !== "data.label")).toEqual([
      { kind: "name", from: expect.any(String), to: "Renamed" },
      { kind: "node_changed", nodeId: "hello", path: "data.config.text", from: before.data.config.text, to: "Changed" },
      { kind: "node_added", nodeId: "bye" },
    ]);
    expect((await ana.get(`/api/flows/${id}/compare?from=draft&to=draft`)).body.changes).toEqual([]);
    expect((await ana.get(`/api/flows/${id}/compare?from=${randomUUID()}&to=live`)).status).toBe(404);
  });
});

describe("people who are inside", () => {
  const wait = { id: "wait", type: "delay", position: { x: 0, y: 50 }, data: { config: { mode: "duration", amount: 1, unit: "days" } } };
  const waiting = {
    nodes: [sampleNodes[0], wait, ...sampleNodes.slice(1)],
    edges: [
      { id: "to-wait", source: "start", target: "wait" },
      { id: "to-hello", source: "wait", target: "hello" },
      ...sampleEdges.slice(1),
    ],
  };
  const withoutWait = { nodes: { drop: ["wait"] }, edges: { drop: ["to-wait", "to-hello"], put: [sampleEdges[0]] } };

  /** A flow with so many people at its wait, and the look at a draft in which the wait is gone. */
  async function peopled(people: number) {
    const id = await makeFlow(waiting);
    const contacts = await Promise.all(
      Array.from({ length: people }, async () => (await ana.post("/api/contacts", { firstname: `Inside ${randomUUID()}` })).body.id),
    );
    await bea.post("/api/sends", { flowId: id, selection: { type: "ids", ids: contacts } });
    await app.driver.runUntilIdle();
    const { revision } = await change(id, withoutWait);
    return { id, revision, preview: await ana.post(`/api/flows/${id}/publish/preview`, { revision }) };
  }

  test("are counted before publishing, by step, with what changes ahead of them and what can become of them", async () => {
    const { preview } = await peopled(2);
    expect(preview.status).toBe(200);
    const { people, changes, unaffected, problems } = preview.body;
    expect(people).toMatchObject([
      { nodeId: "wait", label: "Delay", count: 2, isRemoved: true, proposed: null, healedTo: "hello", choices: ["stay", "node", "leave"] },
    ]);
    expect(changes.map(({ kind }: { kind: string }) => kind)).toContain("node_removed");
    expect(unaffected).toEqual({ people: 0, steps: 0 });
    expect(problems.filter(({ severity }: { severity: string }) => severity === "error")).toEqual([]);
  });

  test("must be thought of where their step is removed; then they are moved, and the versions say so", async () => {
    const { id, revision } = await peopled(2);
    const refused = await publish(id, { revision });
    expect([refused.status, refused.body.code]).toEqual([409, "moves_needed"]);
    expect(refused.body.problems).toMatchObject([{ path: "nodes.wait", message: expect.stringContaining("2 people wait") }]);
    const twice = await publish(id, {
      revision,
      moves: [
        { nodeId: "wait", action: "stay" },
        { nodeId: "wait", action: "leave" },
      ],
    });
    expect(twice.status).toBe(400);
    const { body } = await publish(id, { revision, moves: [{ nodeId: "wait", action: "node", toNodeId: "hello" }] });
    expect(body.people).toEqual({ following: 2, staying: 0, leaving: 0, inFlight: 0 });
    await app.driver.runUntilIdle();
    const { items } = (await ana.get(`/api/flows/${id}/versions`)).body;
    expect(items).toMatchObject([
      { number: 2, active: 2, moves: { people: 2, moved: 2, left: 0 } },
      { number: 1, active: 0, moves: null },
    ]);
  });

  test("are not shown to a viewer before publishing, and not for a revision that is old", async () => {
    const { id, revision } = await peopled(1);
    expect((await (await app.ours.as("viewer")).post(`/api/flows/${id}/publish/preview`, { revision })).status).toBe(403);
    await change(id, put(sms("More")));
    expect((await ana.post(`/api/flows/${id}/publish/preview`, { revision })).body.code).toBe("draft_changed");
  });
});
