import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Role, roleCovers, type Scope, scopes } from "#contract/people.ts";
import type { RouteId } from "#contract/routes.ts";
import { addMember } from "#db/queries/members.ts";
import { createWorkspace } from "#db/queries/workspaces.ts";
import { startTestApp, type Tenant, type TestApp } from "#test/app.ts";
import { fingerprint, walkForeignIds } from "#test/foreign-ids.ts";
import { chain, email, node } from "#test/graphs.ts";
import { type Answer, type Client, createClient } from "#test/http-client.ts";
import { callRoute, routeIds, routeTable } from "#test/route-call.ts";
import { routeSamples, type Sample, type SampleIds } from "#test/route-samples.ts";
import { buildSampleIds, makeInstanceAdmin } from "#test/sample-ids.ts";

// Every route of the table is called as every kind of stranger. The routes come from the table itself and their
// requests from test/route-samples.ts, so a new route is covered at once, or the tests do not compile.

/** Routes that are open to everybody on purpose. A new one has to be added here too. */
const openToAll = [
  "health",
  "ready",
  "openapi",
  "docs",
  "getSession",
  "signIn",
  "claim",
  "usePasswordReset",
  "previewInvitation",
  "acceptInvitation",
];

let app: TestApp;
let ours: Tenant;
let theirs: Tenant;
let ourIds: SampleIds;
let theirIds: SampleIds;
let covered = 0;

beforeAll(async () => {
  const loadDemo = async (ownerId: string) => {
    const { id } = await app.db.owner.transaction().execute((tx) => createWorkspace(tx, { name: "Demo", ownerId }));
    return { workspaceId: id };
  };
  app = await startTestApp({ loadDemo });
  ({ ours, theirs } = app);
  ourIds = await sampleIds(ours);
  theirIds = await sampleIds(theirs);
});
afterAll(async () => {
  process.stdout.write(`Isolation walk: ${routeIds.length} routes, ${covered} combinations of route and caller.\n`);
  await app.stop();
});

const sampleIds = (tenant: Tenant) => buildSampleIds(app, tenant);
const join = (userId: string, role: Role) => addMember(app.db.owner, { workspaceId: ours.workspaceId, userId, role });

const memberRoutes = routeIds.filter((id) => routeTable[id].auth.kind === "member");
const personRoutes = routeIds.filter((id) => routeTable[id].auth.kind === "user");
const instanceRoutes = routeIds.filter((id) => routeTable[id].auth.kind === "instance");
/** Providers call these. No session and no API key opens them, only the signature of the account that the path names. */
const signedRoutes = routeIds.filter((id) => routeTable[id].auth.kind === "signature");
const authOf = (id: RouteId) => routeTable[id].auth as { kind: "member"; role: Role; scope: Scope | null };

test("every route declares who may call it, and only the known ones are open to all", () => {
  expect(routeIds.filter((id) => routeTable[id].auth.kind === "public").sort()).toEqual(openToAll.toSorted());
  expect(openToAll.length + memberRoutes.length + personRoutes.length + instanceRoutes.length + signedRoutes.length).toBe(routeIds.length);
});

/** Calls every one of the routes as this caller and compares the status and the code of the answer. */
async function walk(ids: readonly RouteId[], client: Client, expected: (id: RouteId) => readonly [number, string]): Promise<void> {
  const wrong: unknown[] = [];
  for (const id of ids) {
    const { status, body } = await callRoute(client, id, ourIds);
    const [expectedStatus, code] = expected(id);
    if (status !== expectedStatus || body?.code !== code) wrong.push({ id, status, code: body?.code, expectedStatus, expectedCode: code });
    covered++;
  }
  expect(wrong).toEqual([]);
}

describe("nobody gets in", () => {
  const closed = [...memberRoutes, ...personRoutes, ...instanceRoutes, ...signedRoutes];
  const refused = () => [401, "unauthenticated"] as const;

  test("without a cookie or a key", () => walk(closed, app.nobody, refused));

  test("where a provider must sign, not even with the session of an owner", async () =>
    walk(signedRoutes, await ours.as("owner"), refused));

  test("with an invented session", () =>
    walk(closed, createClient(app.url, { cookie: `sluice_session=${"a".repeat(32)}.b`, origin: app.url }), refused));

  test("with an expired session of an owner", async () => {
    const { client, userId } = await app.signUp();
    await join(userId, "owner");
    await app.db.owner.updateTable("private.sessions").set({ expires_at: sql`now()` }).where("user_id", "=", userId).execute();
    await walk(closed, client, refused);
  });

  test("with an expired key, and with a revoked one, whatever their scopes", async () => {
    for (const end of ["expires_at", "revoked_at"] as const) {
      const key = await ours.key(scopes);
      const keyId = (key.headers.authorization as string).split("_")[2] as string;
      await app.db.owner
        .updateTable("api_keys")
        .set({ [end]: sql`now()` })
        .where("id", "=", keyId)
        .execute();
      await walk(closed, key, refused);
    }
  });
});

describe("a key gets no further than its scopes", () => {
  test("to routes of other scopes", async () => {
    const keys = new Map<Scope, Client>();
    for (const scope of scopes) keys.set(scope, await ours.key(scopes.filter((other) => other !== scope && other !== "admin")));
    for (const id of memberRoutes) {
      const { scope } = authOf(id);
      if (scope !== null) await walk([id], keys.get(scope) as Client, () => [403, "forbidden"]);
    }
  });

  test("to routes of persons, with all scopes there are", async () => {
    const ids = [...memberRoutes.filter((id) => authOf(id).scope === null), ...personRoutes, ...instanceRoutes];
    await walk(ids, await ours.key(scopes), () => [403, "forbidden"]);
  });

  test("to another workspace", async () => {
    const key = (await theirs.key(scopes)).with({ "x-workspace-id": ours.workspaceId });
    await walk(memberRoutes, key, (id) => (authOf(id).scope === null ? [403, "forbidden"] : [404, "not_found"]));
  });
});

describe("a member gets no further than", () => {
  test("their own workspaces", async () => {
    const stranger = (await theirs.as("owner")).with({ "x-workspace-id": ours.workspaceId });
    await walk(memberRoutes, stranger, () => [404, "not_found"]);
  });

  test("their time in it: somebody removed is a stranger on the next request", async () => {
    const { client, userId } = await app.signUp();
    await join(userId, "owner");
    expect((await client.get("/api/members")).status).toBe(200);
    await (await ours.as("owner")).delete(`/api/members/${userId}`);
    await walk(memberRoutes, client.with({ "x-workspace-id": ours.workspaceId }), () => [404, "not_found"]);
  });

  test.each(["viewer", "editor"] as const)("what a %s may do", async (role) => {
    const above = memberRoutes.filter((id) => !roleCovers(role, authOf(id).role));
    await walk(above, await ours.as(role), () => [403, "forbidden"]);
  });

  test("and no role of any workspace reaches what belongs to the instance", async () => {
    for (const role of ["viewer", "editor", "admin"] as const) await walk(instanceRoutes, await ours.as(role), () => [403, "forbidden"]);
    await walk(instanceRoutes, await theirs.as("owner"), () => [403, "forbidden"]);
    const { client, userId } = await app.signUp();
    await join(userId, "owner");
    await walk(instanceRoutes, client, () => [403, "forbidden"]);
  });

  test("and a viewer can read everything that is for viewers", async () => {
    const viewer = await ours.as("viewer");
    // A viewer asks these about themselves only, and leaves by one of them: server/routes/members.test.ts.
    const aboutOneself: RouteId[] = ["listEndingGrants", "removeMember"];
    for (const id of memberRoutes.filter((one) => authOf(one).role === "viewer" && !aboutOneself.includes(one))) {
      const { status } = await callRoute(viewer, id, ourIds);
      expect([id, status]).toEqual([id, routeTable[id].status]);
      covered++;
    }
  });
});

describe("ids of another workspace", () => {
  test.each([
    ["a person", async () => (await theirs.as("owner")).with({ "x-request-id": "the-same-request" })],
    ["a key", async () => (await theirs.key(scopes)).with({ "x-request-id": "the-same-request" })],
  ] as const)("are for %s what ids of nothing are, byte for byte, and nothing of ours moves", async (_kind, makeClient) => {
    const client = await makeClient();
    const before = await fingerprint(app, ours.workspaceId);
    const walked = await walkForeignIds(client, memberRoutes, { ourIds, theirIds });
    covered += walked.combinations;
    expect(walked.differences).toEqual([]);
    expect(await fingerprint(app, ours.workspaceId)).toEqual(before);
  });

  type Place = [RouteId, keyof SampleIds, (id: string) => Partial<Sample>];
  const places: Place[] = [
    ["deleteLeadStatus", "leadStatus", (replacement) => ({ query: { replacement } })],
    ["mapLeadStatus", "leadStatus", (replacement) => ({ body: { replacement } })],
    ["createFlowFolder", "folder", (parentId) => ({ body: { parentId } })],
    ["updateFlowFolder", "folder", (parentId) => ({ body: { parentId } })],
    ["updateConversation", "member", (assigneeId) => ({ body: { assigneeId } })],
    ["createSend", "savedLaunch", (savedLaunchId) => ({ body: { savedLaunchId } })],
    ["createSend", "forecast", (forecastId) => ({ body: { forecastId } })],
    ["createSend", "contact", (id) => ({ body: { exclude: { contacts: [id] } } })],
    ["createSend", "contact", (contactId) => ({ body: { contactValues: [{ contactId, values: {} }] } })],
    ["previewSend", "contact", (id) => ({ body: { exclude: { contacts: [id] } } })],
    ["listExecutions", "version", (versionId) => ({ query: { versionId } })],
    ["listExecutions", "execution", (ids) => ({ query: { ids } })],
    ["countFlowSteps", "version", (versionId) => ({ query: { versionId } })],
    ["countFlowSteps", "send", (sendId) => ({ query: { sendId } })],
    ["compareFlowVersions", "version", (to) => ({ query: { to } })],
    ["exportFlow", "version", (of) => ({ query: { of } })],
    ["listSends", "send", (parentSendId) => ({ query: { parentSendId } })],
    ["getConversation", "message", (around) => ({ query: { around } })],
    ["listAuditLog", "member", (actorId) => ({ query: { actorId } })],
  ];
  test.each(places)("within what is asked of %s (%s) are what ids of nothing are", async (id, name, put) => {
    const client = (await theirs.as("owner")).with({ "x-request-id": "the-same-request" });
    const ask = async (within: string) => {
      const given = await callRoute(client, id, theirIds, (sample) => {
        const more = put(within);
        return {
          ...sample,
          query: { ...sample.query, ...more.query },
          ...(more.body ? { body: { ...(sample.body as object), ...more.body } } : {}),
        };
      });
      // What was made by the request has an id and a time of its own.
      return `${given.status} ${given.text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, "")}`;
    };
    const before = await fingerprint(app, ours.workspaceId);
    expect(await ask(ourIds[name])).toBe(await ask(randomUUID()));
    expect(await fingerprint(app, ours.workspaceId)).toEqual(before);
  });

  test("chosen by the client for something new do not reach what another workspace has under them", async () => {
    const client = await theirs.as("owner");
    const send = await callRoute(client, "createSend", theirIds, (sample) => ({
      ...sample,
      body: { ...(sample.body as object), sendId: ourIds.send },
    }));
    const upload = await callRoute(client, "importContacts", theirIds, (sample) => ({
      ...sample,
      body: { ...(sample.body as object), importId: ourIds.import },
    }));
    const bulk = await callRoute(client, "createBulkJob", theirIds, (sample) => ({
      ...sample,
      body: { ...(sample.body as object), jobId: ourIds.bulkJob },
    }));
    for (const answer of [send, upload, bulk]) {
      expect(answer.status).toBe(409);
      expect(answer.text).not.toContain(ours.workspaceId);
    }
  });
});

describe("a body cannot carry what it should not", () => {
  const smuggled = { workspaceId: "", id: randomUUID(), role: "owner", createdAt: "2020-01-01T00:00:00.000Z", status: "completed" };
  const writing = routeIds.filter((id) => routeTable[id].method !== "GET" && routeTable[id].kind === "json" && !openToAll.includes(id));

  test("a workspace, an id, a role, a time or a status that is not for the client to choose", async () => {
    const accepted: unknown[] = [];
    const owner = await ours.as("owner");
    for (const id of writing) {
      for (const [field, value] of Object.entries(smuggled)) {
        if (field !== "workspaceId" && Object.hasOwn(routeSamples[id](ourIds).body ?? {}, field)) continue;
        const extra = { [field]: field === "workspaceId" ? theirs.workspaceId : value };
        const { status, body } = await callRoute(owner, id, ourIds, (one) => ({
          ...one,
          body: { ...(one.body as object | undefined), ...extra },
        }));
        const isRefused = (status === 400 && body.code === "invalid_request") || (status === 403 && body.code === "workspace_mismatch");
        if (!isRefused) accepted.push({ id, field, status, body });
        covered++;
      }
    }
    expect(accepted).toEqual([]);
  });
});

describe("and who may, can", () => {
  /**
   * Sends the same requests as the right caller. They succeed, which proves that the refusals above have no other
   * cause.
   */
  async function ask(id: RouteId): Promise<Answer> {
    const { kind } = routeTable[id].auth;
    if (kind === "member") {
      const ids = { ...(await sampleIds(ours)), member: await newMember() };
      // The owner has no telephone, so the flow of theirs that is tried sends an e-mail.
      if (id === "sendFlowToMe") await sendEmailInstead(ids.flow);
      if (id !== "approveSend" && id !== "getApprovalSample") return callRoute(await ours.as("owner"), id, ids);
      // An approval is of everything that its hash stands for, so it has to be asked for by a person.
      const { askingSend, hash } = await askForApproval(ids);
      const change = (sample: Sample) => (id === "approveSend" ? { ...sample, body: { hash } } : sample);
      return callRoute(await ours.as("owner"), id, { ...ids, askingSend }, change);
    }
    if (kind === "instance") return callRoute(await ours.as("owner"), id, await sampleIds(ours));
    if (kind === "public") return callRoute(app.nobody, id, await sampleIds(ours));
    const { client, email, userId } = await app.signUp();
    await join(userId, "viewer");
    if (routeTable[id].path.startsWith("/api/workspaces")) await makeInstanceAdmin(app, userId);
    await app.signIn(email);
    const { items } = (await client.get("/api/account/sessions")).body;
    const session = items.find((item: { current: boolean }) => !item.current).id;
    return callRoute(client, id, { ...ourIds, session });
  }

  const mail = chain(node("start"), email(), node("end"));
  const sendEmailInstead = (flowId: string) =>
    app.db.owner
      .updateTable("flows")
      .set({ nodes: JSON.stringify(mail.nodes), edges: JSON.stringify(mail.edges) })
      .where("id", "=", flowId)
      .execute();
  async function askForApproval({ flow, contact }: SampleIds): Promise<{ askingSend: string; hash: string }> {
    const owner = await ours.as("owner");
    await owner.put("/api/workspace/approval-rules", { editors: true });
    const made = await (await ours.as("editor")).post("/api/sends", { flowId: flow, selection: { type: "ids", ids: [contact] } });
    await owner.put("/api/workspace/approval-rules", { editors: false });
    const askingSend = made.body.send.id;
    return { askingSend, hash: (await owner.get(`/api/sends/${askingSend}/approval`)).body.hash };
  }

  async function newMember(): Promise<string> {
    const { userId } = await app.signUp();
    await join(userId, "editor");
    return userId;
  }

  const smtp = { host: "smtp.example.com", port: 587, security: "starttls", fromAddress: "hello@salon-of-ana.com" };
  const setEmailProvider = async (body: object) => {
    const { status, text } = await (await ours.as("owner")).put("/api/providers/email?check=no", body);
    expect(status, text).toBe(200);
  };
  const auditRows = async (): Promise<{ id: string; action: string }[]> => {
    const { rows } = await sql<{ id: string; action: string }>`
      select id, action from audit_log union all select id, action from private.instance_log`.execute(app.db.owner);
    return rows;
  };
  // A call that a provider signs is tested in server/http/signed-call.test.ts.
  // Claiming is possible once per instance and is tested in claim-instance.test.ts.
  test.each(routeIds.filter((id) => id !== "claim" && id !== "claimSignedIn" && !signedRoutes.includes(id)))(
    "%s, and leaves a line in the audit log if it changes something",
    async (id) => {
      // Each route gets rows of its own, and so many secrets and invitations are more than a workspace may hold.
      for (const table of ["workspace_secrets", "workspace_invitations"] as const) {
        await app.db.owner.deleteFrom(table).where("workspace_id", "=", ours.workspaceId).execute();
      }
      // Only who sends e-mail from a domain can vouch for it.
      if (id === "stateSendingDomain") await setEmailProvider({ provider: "smtp", settings: smtp });
      const before = new Set((await auditRows()).map((row) => row.id));
      const { status, text } = await ask(id);
      if (id === "stateSendingDomain") await setEmailProvider({ provider: "capture" });
      expect([id, status, status < 400 ? "" : text]).toEqual([id, routeTable[id].status, ""]);
      const { audit } = routeTable[id];
      if (audit === null) return;
      const written = (await auditRows()).filter((row) => !before.has(row.id)).map((row) => row.action);
      expect(written).toContain(audit);
      covered++;
    },
  );
});
