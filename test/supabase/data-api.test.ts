import { randomUUID } from "node:crypto";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { exportSPKI, importJWK, SignJWT } from "jose";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addMember } from "#db/queries/members.ts";
import { createWorkspace } from "#db/queries/workspaces.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import type { OneOfEverything } from "#test/everything-ids.ts";
import { buildOneOfEverything } from "#test/one-of-everything.ts";
import { startPostgrest } from "./postgrest.ts";
import { createSigningKey, personClaims, type SigningKey, signToken } from "./signing-keys.ts";
import { missingTools } from "./tools.ts";

// The founding document reads `flows` from the browser with supabase-js. Here the real supabase-js asks the real
// PostgREST, with tokens signed as a project signs them. Only our policies decide what it may see.

const issuer = "https://abcdefgh.supabase.co/auth/v1";
const ours = { viewer: randomUUID(), admin: randomUUID(), removed: randomUUID(), owner: randomUUID() };
const theirs = { owner: randomUUID() };
const readable = ["flows", "contacts", "flow_executions", "flow_execution_steps"] as const;

let db: TestDb;
let key: SigningKey;
let postgrest: { url: string; stop(): Promise<void> };
let workspaceId: string;
let ids: OneOfEverything;
let foreignId: string;
let foreignIds: OneOfEverything;
let asked = 0;

beforeAll(async () => {
  if (missingTools) return;
  [db, key] = await Promise.all([createTestDb(), createSigningKey("main")]);
  const make = (name: string, ownerId: string) => db.owner.transaction().execute((tx) => createWorkspace(tx, { name, ownerId }));
  workspaceId = (await make("Ours", ours.owner)).id;
  foreignId = (await make("Theirs", theirs.owner)).id;
  for (const role of ["viewer", "admin"] as const) await addMember(db.owner, { workspaceId, userId: ours[role], role });
  ids = await buildOneOfEverything(db.owner, workspaceId, ours.owner);
  foreignIds = await buildOneOfEverything(db.owner, foreignId, theirs.owner);
  const flows = ["Zeta", "alpha", "Beta"].map((name) => ({ name, workspace_id: workspaceId, nodes: '[{"id":"n"}]', edges: "[]" }));
  await db.owner.insertInto("flows").values(flows).execute();
  postgrest = await startPostgrest(db.ownerUrl, [key.publicJwk]);
});
afterAll(async () => {
  await postgrest?.stop();
  await db?.drop();
  process.stdout.write(missingTools ? `Data API: not asked, ${missingTools}.\n` : `Data API: ${asked} requests to PostgREST.\n`);
});

const publishableKey = "sb_publishable_test";

/**
 * A project has a gateway in front of PostgREST: it serves under /rest/v1 and treats the publishable key as no sign-in.
 */
const reroute: typeof fetch = (input, init) => {
  asked += 1;
  const headers = new Headers(init?.headers);
  if (headers.get("authorization") === `Bearer ${publishableKey}`) headers.delete("authorization");
  return fetch(String(input).replace("/rest/v1/", "/"), { ...init, headers });
};
const clientWith = (token: string | undefined): SupabaseClient =>
  createClient(postgrest.url, publishableKey, {
    global: { fetch: reroute },
    ...(token === undefined ? { auth: { persistSession: false } } : { accessToken: async () => token }),
  });
const as = async (userId: string, changes = {}): Promise<SupabaseClient> =>
  clientWith(await signToken(key, { ...personClaims(issuer, { id: userId, email: "somebody@example.com" }, randomUUID()), ...changes }));

describe.skipIf(missingTools)("supabase.from(...)", () => {
  test("the founding document's query answers the member's flows by name, and nothing of others", async () => {
    const supabase = await as(ours.viewer);
    const { data, error } = await supabase
      .from("flows")
      .select("id, name, workspace_id, nodes, edges")
      .eq("workspace_id", workspaceId)
      .order("name");
    expect(error).toBeNull();
    const own = await db.owner
      .selectFrom("flows")
      .select("name")
      .where("workspace_id", "=", workspaceId)
      .where("deleted_at", "is", null)
      .orderBy("name")
      .execute();
    expect(data?.map(({ name }) => name)).toEqual(own.map(({ name }) => name));
    expect(data?.find(({ name }) => name === "Beta")).toEqual({
      id: expect.any(String),
      name: "Beta",
      workspace_id: workspaceId,
      nodes: [{ id: "n" }],
      edges: [],
    });
    const dialog = await supabase.from("flows").select("id, name, workspace_id, created_at").eq("workspace_id", workspaceId).order("name");
    expect(dialog.data).toHaveLength(own.length);
  });

  test.each(readable)("%s: one's own and nothing else, by filter, without one, and by id", async (table) => {
    const supabase = await as(ours.viewer);
    // A contact in the bin is no member's to read.
    const isShown = table === "contacts" || table === "flows" ? sql<boolean>`deleted_at is null` : sql<boolean>`true`;
    const count = async (workspace: string) => {
      const rows = db.owner.selectFrom(table).select(sql<number>`count(*)`.as("n")).where("workspace_id", "=", workspace).where(isShown);
      return Number((await rows.executeTakeFirst())?.n);
    };
    expect(await count(foreignId)).toBeGreaterThan(0);
    const own = await supabase.from(table).select("*").eq("workspace_id", workspaceId);
    expect([own.error, own.data?.length]).toEqual([null, await count(workspaceId)]);
    expect((await supabase.from(table).select("*").eq("workspace_id", foreignId)).data).toEqual([]);
    const all = await supabase.from(table).select("workspace_id");
    expect(new Set(all.data?.map((row) => row.workspace_id))).toEqual(new Set([workspaceId]));
    const { id } = await db.owner.selectFrom(table).select("id").where("workspace_id", "=", foreignId).limit(1).executeTakeFirstOrThrow();
    expect((await supabase.from(table).select("*").eq("id", id)).data).toEqual([]);
    for (const userId of [ours.removed, randomUUID()]) {
      expect((await (await as(userId)).from(table).select("*")).data).toEqual([]);
    }
  });

  test.each(readable)("%s: no member writes, whatever the role", async (table) => {
    for (const userId of [ours.viewer, ours.admin, ours.owner]) {
      const supabase = await as(userId);
      const of = { workspace_id: workspaceId };
      const answers = [
        await supabase.from(table).insert({ ...of, id: randomUUID() }),
        await supabase.from(table).upsert({ ...of, id: ids.contact }),
        await supabase.from(table).update({ workspace_id: foreignId }).eq("workspace_id", workspaceId),
        await supabase.from(table).delete().eq("workspace_id", workspaceId),
        await supabase.from(table).insert({ workspace_id: foreignId, id: randomUUID() }),
      ];
      expect(answers.map(({ error, status }) => [error?.code, status])).toEqual(answers.map(() => ["42501", 403]));
    }
    expect(await db.owner.selectFrom(table).select("id").where("workspace_id", "=", workspaceId).execute()).not.toEqual([]);
  });

  test("embedding steps in executions keeps to one's own, also from the other side", async () => {
    const supabase = await as(ours.viewer);
    const { data, error } = await supabase.from("flow_executions").select("id, status, flow_execution_steps(node_id, workspace_id)");
    expect(error).toBeNull();
    expect(data?.map(({ id }) => id)).toContain(ids.execution);
    expect(data?.map(({ id }) => id)).not.toContain(foreignIds.execution);
    expect(data?.flatMap((one) => one.flow_execution_steps).every((step) => step.workspace_id === workspaceId)).toBe(true);
  });

  test("every table there is shows a member rows of their own workspaces only, and a stranger none", async () => {
    const { rows } = await sql<{ name: string; columns: string }>`
      select c.relname as name, string_agg(a.attname, ',' order by a.attnum) as columns
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
        and has_column_privilege('authenticated', c.oid, a.attnum, 'select') group by c.relname order by 1`.execute(db.owner);
    expect(rows.length).toBeGreaterThan(15);
    const [admin, stranger] = [await as(ours.owner), await as(randomUUID())];
    for (const { name, columns } of rows) {
      const own = await admin.from(name).select(columns);
      const of = name === "workspaces" ? "id" : "workspace_id";
      const seen = new Set((own.data as unknown as Record<string, string>[] | null)?.map((row) => row[of]));
      expect([name, own.error, [...seen].filter((id) => id !== workspaceId)]).toEqual([name, null, []]);
      expect([name, (await stranger.from(name).select(columns)).data]).toEqual([name, []]);
    }
  });

  test("secrets and the private schema are out of reach even for owners", async () => {
    const supabase = await as(ours.owner);
    for (const [table, column] of [
      ["api_keys", "secret_hash"],
      ["providers", "secrets"],
      ["workspace_invitations", "token_hash"],
    ] as const) {
      expect((await supabase.from(table).select(column)).error?.code).toBe("42501");
    }
    expect((await supabase.schema("private").from("users").select("*")).error?.code).toBe("PGRST106");
    expect((await supabase.rpc("member_workspaces")).error?.code).toBe("PGRST202");
  });

  test("without a token, with the publishable key alone, nothing is to be had", async () => {
    const supabase = clientWith(undefined);
    for (const table of readable) {
      const { error, status } = await supabase.from(table).select("*");
      expect([error?.code, status]).toEqual(["42501", 401]);
    }
  });

  test.each([
    ["expired", () => as(ours.owner, { exp: Math.floor(Date.now() / 1000) - 3_600 }), 401],
    ["for another audience", () => as(ours.owner, { aud: "somebody-else" }), 401],
    ["of a role that the Data API may not become", () => as(ours.owner, { role: "postgres" }), 403],
    ["of our own writing role", () => as(ours.owner, { role: "sluice_member" }), 403],
    ["signed by a stranger", async () => clientWith(await foreignToken()), 401],
    ["that takes the public key for a secret", async () => clientWith(await confusedToken()), 401],
    ["whose subject is no uuid", () => as("nobody"), 400],
  ])("a token %s is refused", async (_, client, status) => {
    const answer = await (await client()).from("flows").select("*");
    expect([answer.data, answer.status]).toEqual([null, status]);
  });

  test("what a token says about itself does not count", async () => {
    const supabase = await as(randomUUID(), {
      app_metadata: { workspace_id: workspaceId, role: "owner" },
      user_metadata: { workspace_id: workspaceId },
    });
    expect((await supabase.from("flows").select("*")).data).toEqual([]);
  });
});

async function foreignToken(): Promise<string> {
  return signToken(await createSigningKey("main"), personClaims(issuer, { id: ours.owner, email: "a@example.com" }, randomUUID()));
}

async function confusedToken(): Promise<string> {
  const pem = await exportSPKI((await importJWK({ ...key.publicJwk, ext: true }, "ES256", { extractable: true })) as CryptoKey);
  return new SignJWT(personClaims(issuer, { id: ours.owner, email: "a@example.com" }, randomUUID()))
    .setProtectedHeader({ alg: "HS256", kid: "main" })
    .sign(new TextEncoder().encode(pem));
}
