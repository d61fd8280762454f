import { randomBytes } from "node:crypto";
import { createClient } from "@supabase/supabase-js";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chain, node, sms } from "#test/graphs.ts";
import { createTestServer, type TestServer } from "./live-server.ts";

// Asks a real project, if one is named, the questions that the fixtures of this folder answer. Use an empty project
// made for it: it is migrated, and a workspace is made and removed.

const names = ["URL", "PUBLISHABLE_KEY", "DATABASE_URL", "EMAIL", "PASSWORD"].map((name) => `SUPABASE_TEST_${name}`);
const missing = names.filter((name) => !process.env[name]);
const [url = "", publishableKey = "", databaseUrl = "", email = "", password = ""] = names.map((name) => process.env[name] ?? "");

describe.skipIf(missing.length > 0)(`a live Supabase project (skipped without ${missing.join(", ") || "nothing"})`, () => {
  const supabase = createClient(url || "http://127.0.0.1", publishableKey || "none", { auth: { persistSession: false } });
  let server: TestServer;
  let workspaceId: string | undefined;
  let token: string;

  beforeAll(async () => {
    const { data, error } = await supabase.auth.signInWithPassword({ email, password });
    if (error) throw error;
    token = data.session.access_token;
    server = await createTestServer({ url, publishableKey, databaseUrl, masterKey: randomBytes(32).toString("hex") });
  });
  afterAll(async () => {
    await server?.stop();
    if (workspaceId) await query("delete from public.workspaces where id = $1", [workspaceId]);
  });

  const ask = async (path: string, init: { method?: string; body?: unknown; bearer?: string } = {}) => {
    const response = await fetch(`${server.url}${path}`, {
      method: init.method ?? "GET",
      headers: {
        authorization: `Bearer ${init.bearer ?? token}`,
        "content-type": "application/json",
        ...(workspaceId ? { "x-workspace-id": workspaceId } : {}),
      },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  async function query(text: string, values: unknown[]): Promise<pg.QueryResult> {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    return client.query(text, values).finally(() => client.end());
  }

  test("its token is believed, one character changed is not, and nobody is let in by an account alone", async () => {
    expect((await ask("/api/session")).body).toMatchObject({ user: { email: email.toLowerCase() } });
    expect((await ask("/api/session", { bearer: `${token.slice(0, -3)}abc` })).status).toBe(401);
    expect((await ask("/api/session", { bearer: publishableKey })).status).toBe(401);
    expect((await ask("/api/contacts")).status).toBe(404);
  });

  test("a member sends a flow, reads its history here and through the Data API, and writes nothing there", async () => {
    const person = (await ask("/api/session")).body.user as { id: string };
    const { rows } = await query("insert into public.workspaces (name, undo_seconds) values ('Live test', 0) returning id", []);
    workspaceId = rows[0].id as string;
    await query("insert into public.workspace_members (workspace_id, user_id, role) values ($1, $2, 'owner')", [workspaceId, person.id]);
    const contact = (
      await ask("/api/contacts", { method: "POST", body: { firstname: "Ada", lastname: "Live", phoneNumber: "+12025550123" } })
    ).body;
    const { nodes, edges } = chain(node("start"), sms("Hello"), node("end"));
    const flow = await query("insert into public.flows (workspace_id, name, nodes, edges) values ($1, 'Live', $2, $3) returning id", [
      workspaceId,
      JSON.stringify(nodes),
      JSON.stringify(edges),
    ]);
    const sent = await ask("/api/unified-workflow/execute-for-contact", {
      method: "POST",
      body: { workflowId: flow.rows[0].id, contactId: contact.id, workspaceId },
    });
    expect(sent).toMatchObject({ status: 200, body: { success: true } });
    await expect
      .poll(async () => (await ask(`/api/executions?contactId=${contact.id}`)).body.items?.[0]?.status, {
        timeout: 60_000,
        interval: 1_000,
      })
      .toBe("completed");

    const flows = await supabase.from("flows").select("id, name, workspace_id, nodes, edges").eq("workspace_id", workspaceId).order("name");
    expect([flows.error, flows.data?.map(({ name }) => name)]).toEqual([null, ["Live"]]);
    const executions = await supabase.from("flow_executions").select("status").eq("workspace_id", workspaceId);
    expect(executions.data).toEqual([{ status: "completed" }]);
    expect((await supabase.from("flows").delete().eq("workspace_id", workspaceId)).error?.code).toBe("42501");
  });

  test("signing out here ends the session for us although its token is still good", async () => {
    expect((await ask("/api/session", { method: "DELETE" })).status).toBe(200);
    expect((await ask("/api/session")).status).toBe(401);
  });
});
