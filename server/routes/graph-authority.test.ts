import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Scope, scopes } from "#contract/people.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import type { Client } from "#test/http-client.ts";

// The same rule as in check-graph-authority.test.ts, through the API: every way in which a graph comes in is judged.

let app: TestApp;
let flowId: string;
let otherFlow: string;
let foreignFlow: string;
let contactId: string;
const keys = new Map<string, Promise<Client>>();
const keyWith = (held: readonly Scope[]): Promise<Client> => {
  const name = held.join(" ");
  const known = keys.get(name) ?? app.ours.key(held);
  keys.set(name, known);
  return known;
};

const graph = (type: string, config: object) => ({
  nodes: [
    { id: "start", type: "start", data: {} },
    { id: "it", type, data: { config } },
  ],
  edges: [{ id: "e", source: "start", target: "it" }],
});

beforeAll(async () => {
  app = await startTestApp();
  const owner = await app.ours.as("owner");
  await owner.put("/api/secrets/x", { value: "canary", hosts: ["example.com"] });
  const make = async (client: Client) => (await client.post("/api/flows", { name: "Stored", ...graph("end", {}) })).body.id;
  flowId = await make(owner);
  otherFlow = await make(owner);
  foreignFlow = await make(await app.theirs.as("owner"));
  contactId = (await owner.post("/api/contacts", { firstname: "Ana", lastname: "Lopes" })).body.id;
});
afterAll(() => app.stop());

interface Effect {
  graph: () => ReturnType<typeof graph>;
  needs: Scope[];
}
const effects: Record<string, Effect> = {
  nothing: { graph: () => graph("end", {}), needs: [] },
  "a change of the contact": {
    graph: () => graph("update_contact", { changes: [{ field: "lead_status", operation: "set", value: "New" }] }),
    needs: ["contacts:write"],
  },
  "an opt-out lifted": { graph: () => graph("consent", { sms: "opt_in", reason: "Asked" }), needs: ["contacts:write"] },
  "a call with the contact's data": { graph: () => graph("webhook", { url: "https://example.com/{{ email }}" }), needs: ["contacts:read"] },
  "a call with a secret": {
    graph: () => graph("webhook", { url: "https://example.com/", headers: [{ name: "X-Key", value: "{{ secrets.x }}" }] }),
    needs: ["contacts:read", "secrets:use"],
  },
  "another flow started": { graph: () => graph("start_flow", { flowId: otherFlow }), needs: ["flows:send"] },
  "other flows ended": { graph: () => graph("leave_flows", {}), needs: ["flows:send"] },
};

const inline = (client: Client, given: object) =>
  client.post("/api/unified-workflow/execute-workflow", { workflowId: flowId, contactId, workflowDefinition: given, isTest: true });
const ways = {
  "sent along": { own: ["flows:send", "flows:write"], ok: 200, ask: inline },
  created: { own: ["flows:write"], ok: 201, ask: (client: Client, given: object) => client.post("/api/flows", { name: "New", ...given }) },
  replaced: {
    own: ["flows:write"],
    ok: 200,
    ask: (client: Client, given: object) => client.put(`/api/flows/${flowId}`, { name: "Same", ...given }),
  },
  // A copy is a draft, which does nothing before it is published.
  "copied and published": {
    own: ["flows:write", "flows:send"],
    ok: 200,
    ask: async (client: Client, given: object) => {
      const owner = await app.ours.as("owner");
      const { id } = (await owner.post("/api/flows", { name: `Of the owner ${randomUUID()}`, ...given })).body;
      const copy = await owner.post(`/api/flows/${id}/duplicate`, {});
      const { revision } = (await owner.get(`/api/flows/${copy.body.id}/draft`)).body;
      return client.post(`/api/flows/${copy.body.id}/publish`, { revision });
    },
  },
} as const satisfies Record<string, { own: readonly Scope[]; ok: number; ask: (client: Client, given: object) => unknown }>;

describe.each(Object.entries(effects))("%s", (_name, effect) => {
  test.each(Object.entries(ways))("%s: by keys that hold all it needs, and by none that lack one scope", async (_way, { own, ok, ask }) => {
    const all: Scope[] = [...new Set([...own, ...effect.needs])];
    expect((await ask(await keyWith(all), effect.graph())).status).toBe(ok);
    for (const missing of all) {
      const almost = scopes.filter((scope) => scope !== missing && scope !== "admin");
      const { status, body } = await ask(await keyWith(almost), effect.graph());
      expect([missing, status, body.code]).toEqual([missing, 403, "forbidden"]);
    }
  });

  test.each(Object.entries(ways))("%s: by editors and above, and by no viewer", async (_way, { ok, ask }) => {
    for (const role of ["editor", "admin", "owner"] as const) {
      expect([role, (await ask(await app.ours.as(role), effect.graph())).status]).toEqual([role, ok]);
    }
    expect((await ask(await app.ours.as("viewer"), effect.graph())).status).toBe(403);
  });
});

test("the attack: a key that may only send carries a secret, an address and an opt-in out in a graph of its own", async () => {
  const key = await keyWith(["flows:send"]);
  const before = await app.db.owner.selectFrom("flow_executions").select("id").execute();
  for (const { graph: make } of Object.values(effects)) expect((await inline(key, make())).status).toBe(403);
  expect(await app.db.owner.selectFrom("flow_executions").select("id").execute()).toHaveLength(before.length);
  const plain = { workflowId: otherFlow, contactId };
  expect((await key.post("/api/unified-workflow/execute-workflow", plain)).status).toBe(200);
});

test("a stored flow runs with the authority of who saved it, for every key that may send", async () => {
  const owner = await app.ours.as("owner");
  const { id } = (await owner.post("/api/flows", { name: "Changes", ...(effects["a change of the contact"] as Effect).graph() })).body;
  const key = await keyWith(["flows:send"]);
  expect((await key.post("/api/unified-workflow/execute-for-contact", { workflowId: id, contactId })).status).toBe(200);
  expect((await key.post("/api/sends", { flowId: id, selection: { type: "ids", ids: [contactId] } })).status).toBe(202);
});

test("a graph that is sent along names no flow of another workspace, and the refusal is that of a flow that does not exist", async () => {
  const owner = (await app.ours.as("owner")).with({ "x-request-id": "the-same-request" });
  const foreign = await inline(owner, graph("start_flow", { flowId: foreignFlow }));
  const missing = await inline(owner, graph("start_flow", { flowId: randomUUID() }));
  expect([foreign.status, foreign.body.code]).toEqual([422, "flow_invalid"]);
  expect(foreign.text).toBe(missing.text);
});

test("keys that could save flows with secrets keep that, and no other key gets the scope", async () => {
  const migration = readFileSync(join(import.meta.dirname, "../../supabase/migrations/20261128184900_scope_of_secrets.sql"), "utf8");
  const insert = async (held: string[]) => {
    const id = randomUUID().replaceAll("-", "").slice(0, 8);
    const memberId = randomUUID();
    const of = { workspace_id: app.ours.workspaceId };
    await app.db.owner
      .insertInto("workspace_members")
      .values({ ...of, user_id: memberId, kind: "key", role: "editor" })
      .execute();
    await app.db.owner
      .insertInto("api_keys")
      .values({
        ...of,
        id,
        member_id: memberId,
        name: "Old",
        secret_hash: Buffer.alloc(32),
        scopes: held,
        created_by: null,
        expires_at: new Date("2030-01-01"),
      })
      .execute();
    return async () => (await app.db.owner.selectFrom("api_keys").select("scopes").where("id", "=", id).executeTakeFirstOrThrow()).scopes;
  };
  const [writer, sender, admin] = [
    await insert(["flows:write"]),
    await insert(["flows:send", "contacts:read"]),
    await insert(["admin", "flows:write"]),
  ];
  await sql.raw(migration).execute(app.db.owner);
  await sql.raw(migration).execute(app.db.owner);
  expect([await writer(), await sender(), await admin()]).toEqual([
    ["flows:write", "secrets:use"],
    ["flows:send", "contacts:read"],
    ["admin", "flows:write"],
  ]);
});
