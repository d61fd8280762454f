import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Scope } from "#contract/people.ts";
import { addMember } from "#db/queries/members.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import type { OneOfEverything } from "#test/everything-ids.ts";
import type { Client } from "#test/http-client.ts";
import { buildOneOfEverything } from "#test/one-of-everything.ts";
import { routeIds, routeTable } from "#test/route-call.ts";

// Kind of stream × way of losing access. `quick` looks every 50 ms, as another process would after 15 s. `app` looks
// every 15 s, so that what ends there at once was ended by the route.

let app: TestApp;
let quick: TestApp;
const ids = new Map<TestApp, OneOfEverything>();
beforeAll(async () => {
  app = await startTestApp();
  quick = await startTestApp({ streamCheckMs: 50 });
  for (const one of [app, quick]) {
    const made = await buildOneOfEverything(one.db.owner, one.ours.workspaceId, one.ours.ownerId);
    await one.db.owner.updateTable("flow_sends").set({ state: "running" }).where("id", "=", made.send).execute();
    // More than the buffers of a socket hold, so that the file cannot be finished while nobody reads it.
    await sql`insert into contacts (workspace_id, firstname, lastname, metadata)
      select ${one.ours.workspaceId}, 'Canary', n::text, jsonb_build_object('text', repeat('x', 8000)) from generate_series(1, 3000) n`.execute(
      one.db.owner,
    );
    ids.set(one, made);
  }
});
afterAll(async () => {
  await app.stop();
  await quick.stop();
});

const streams = {
  "the events of a send": { scope: "executions:read", path: (of: OneOfEverything) => `/api/sends/${of.send}/events` },
  "a file of contacts": { scope: "contacts:read", path: () => "/api/contacts/export" },
} as const satisfies Record<string, { scope: Scope; path: (of: OneOfEverything) => string }>;

/** Resolves when the stream has ended or was cut off. */
async function ended(response: Response): Promise<"ended" | "cut off"> {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  try {
    while (!(await reader.read()).done);
    return "ended";
  } catch {
    return "cut off";
  }
}

async function newViewer(of: TestApp) {
  const person = await of.signUp();
  await addMember(of.db.owner, { workspaceId: of.ours.workspaceId, userId: person.userId, role: "viewer" });
  return person;
}
const keyIdOf = (key: Client) => (key.headers.authorization as string).split("_")[2] as string;

interface Lost {
  client: Client;
  lose: () => Promise<unknown>;
}
/** Every route that may end somebody's access, and a stream that it ends. */
const byRoute: Record<string, (scope: Scope) => Promise<Lost>> = {
  "signing out": async () => {
    const { client } = await newViewer(app);
    return { client, lose: () => client.delete("/api/session") };
  },
  "the session signed out from elsewhere": async () => {
    const { client, email } = await newViewer(app);
    const elsewhere = await app.signIn(email);
    const { items } = (await elsewhere.get("/api/account/sessions")).body;
    const session = items.find((one: { current: boolean }) => !one.current).id;
    return { client, lose: () => elsewhere.delete(`/api/account/sessions/${session}`) };
  },
  "a new password set elsewhere": async () => {
    const { client, email } = await newViewer(app);
    const elsewhere = await app.signIn(email);
    const body = { currentPassword: "correct horse battery", newPassword: "another long passphrase" };
    return { client, lose: () => elsewhere.post("/api/account/password", body) };
  },
  "removal of the member": async () => {
    const { client, userId } = await newViewer(app);
    return { client, lose: async () => (await app.ours.as("owner")).delete(`/api/members/${userId}`) };
  },
  leaving: async () => {
    const { client, userId } = await newViewer(app);
    return { client, lose: () => client.delete(`/api/members/${userId}`) };
  },
  "the key revoked": async (scope) => {
    const client = await app.ours.key([scope]);
    return { client, lose: async () => (await app.ours.as("owner")).delete(`/api/api-keys/${keyIdOf(client)}`) };
  },
};
/** What another process or an operator does: this process sees it at its next look. */
const byRows: Record<string, (scope: Scope) => Promise<Lost>> = {
  "the session deleted": async () => {
    const { client, userId } = await newViewer(quick);
    return { client, lose: () => quick.db.owner.deleteFrom("private.sessions").where("user_id", "=", userId).execute() };
  },
  "the session expired": async () => {
    const { client, userId } = await newViewer(quick);
    return {
      client,
      lose: () => sql`update private.sessions set expires_at = now() where user_id = ${userId}::uuid`.execute(quick.db.owner),
    };
  },
  "the member deleted": async () => {
    const { client, userId } = await newViewer(quick);
    return { client, lose: () => quick.db.owner.deleteFrom("workspace_members").where("user_id", "=", userId).execute() };
  },
  "the key revoked": async (scope) => {
    const client = await quick.ours.key([scope]);
    return { client, lose: () => sql`update api_keys set revoked_at = now() where id = ${keyIdOf(client)}`.execute(quick.db.owner) };
  },
  "the key expired": async (scope) => {
    const client = await quick.ours.key([scope]);
    return { client, lose: () => sql`update api_keys set expires_at = now() where id = ${keyIdOf(client)}`.execute(quick.db.owner) };
  },
  "the scope taken from the key": async (scope) => {
    const client = await quick.ours.key([scope]);
    return { client, lose: () => sql`update api_keys set scopes = '{flows:read}' where id = ${keyIdOf(client)}`.execute(quick.db.owner) };
  },
};

describe.each(Object.entries(streams))("%s", (kind, { scope, path }) => {
  const expected = kind === "a file of contacts" ? "cut off" : "ended";
  async function lose(of: TestApp, make: (scope: Scope) => Promise<Lost>): Promise<string> {
    const { client, lose: end } = await make(scope);
    const response = await client.with({ "x-workspace-id": of.ours.workspaceId }).fetch(path(ids.get(of) as OneOfEverything));
    expect(response.status).toBe(200);
    await end();
    return ended(response);
  }

  test.each(Object.entries(byRoute))("ends at once with %s", async (_way, make) => expect(await lose(app, make)).toBe(expected), 10_000);

  test.each(Object.entries(byRows))(
    "ends at the next look with %s",
    async (_way, make) => expect(await lose(quick, make)).toBe(expected),
    10_000,
  );
});

test("goes on for everybody else, while others lose their access", async () => {
  const { client } = await newViewer(quick);
  const path = `/api/sends/${ids.get(quick)?.send}/events`;
  const stream = ended(await client.fetch(path));
  const { client: other, userId } = await newViewer(quick);
  const theirs = ended(await other.fetch(path));
  await (await quick.ours.as("owner")).delete(`/api/members/${userId}`);
  expect(await theirs).toBe("ended");
  expect(await Promise.race([stream, "open"])).toBe("open");
  await client.delete("/api/session");
  expect(await stream).toBe("ended");
});

test("every route that takes somebody's access says so in the table", () => {
  expect(routeIds.filter((id) => routeTable[id].endsAccess).sort()).toEqual(
    ["changePassword", "removeMember", "revokeApiKey", "revokeSession", "signOut", "updateMember"].sort(),
  );
});
