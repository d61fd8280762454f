import { randomUUID } from "node:crypto";
import { request } from "node:http";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { startTestApp, type Tenant, type TestApp } from "#test/app.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const settings = () => ({ importId: randomUUID(), columns: [{ header: "Name", target: "name" }] });
const send = (client: Client) => client.request("POST", "/api/contacts/import", { body: settings(), file: "Name\nAnn\n" });

const awaited = { timeout: 60_000, interval: 20 };

const held: { close: () => void }[] = [];
afterEach(async () => {
  for (const { close } of held.splice(0)) close();
  // The server hears of a closed connection a little later.
  await vi.waitFor(async () => expect((await send(await app.theirs.as("editor"))).status).toBe(200), awaited);
});

/** An upload whose file does not come to its end. Resolves when the server has begun to read it. */
const hold = async (tenant: Tenant) => holdAs(await tenant.as("editor"));
async function holdAs(client: Client): Promise<void> {
  const { headers } = client;
  const open = request(`${app.url}/api/contacts/import`, {
    method: "POST",
    headers: { ...headers, expect: "100-continue", "content-type": "multipart/form-data; boundary=b", "content-length": "1000000" },
  });
  open.on("error", () => {});
  // An upload of the test that only asks may have taken the place for a moment; then this one tries again.
  open.on("response", (answer) => answer.statusCode !== 200 && held.length > 0 && void holdAs(client));
  held.push({ close: () => open.destroy() });
  await new Promise<void>((resolve) => {
    open.on("continue", resolve);
    open.flushHeaders();
  });
  open.write("--b\r\n");
}

/** How many uploads the server has open is not told, so another one asks until it is refused. */
const refusalOf = async (tenant: Tenant) => refusalFor(await tenant.as("editor"));
function refusalFor(client: Client) {
  return vi.waitFor(async () => {
    const answer = await send(client);
    expect(answer.status).not.toBe(200);
    return answer;
  }, awaited);
}

test("a workspace has two files imported at once; a third is refused until one has ended, and others are not affected", async () => {
  await hold(app.ours);
  await hold(app.ours);
  const refused = await refusalOf(app.ours);
  expect([refused.status, refused.body.code, refused.headers.get("retry-after")]).toEqual([429, "too_many_requests", "10"]);
  expect((await send(await app.theirs.as("editor"))).status).toBe(200);
  held.pop()?.close();
  await vi.waitFor(async () => expect((await send(await app.ours.as("editor"))).status).toBe(200), awaited);
});

test("a person has two files imported at once, however many workspaces they have made, and others are not affected", async () => {
  const owner = await app.ours.as("owner");
  const mine: Client[] = [];
  for (const name of ["One", "Two", "Three"]) {
    const { status, body } = await owner.post("/api/workspaces", { name });
    expect(status).toBe(201);
    mine.push(owner.with({ "x-workspace-id": body.id }));
  }
  const [first, second, third] = mine as [Client, Client, Client];
  await holdAs(first);
  await holdAs(second);
  const refused = await refusalFor(third);
  expect([refused.status, refused.body.code]).toEqual([429, "too_many_requests"]);
  expect(refused.body.error).toContain("that you sent");
  expect((await send(await app.theirs.as("editor"))).status).toBe(200);
});

test("four files are imported at once in all; a workspace without any is asked to come again", async () => {
  for (const tenant of [app.ours, app.ours, app.theirs, app.theirs]) await hold(tenant);
  const other = await app.createTenant("Another");
  const refused = await refusalOf(other);
  expect([refused.status, refused.body.code, refused.headers.get("retry-after")]).toEqual([503, "unavailable", "10"]);
  expect(
    await app.db.owner.selectFrom("contact_imports").select("id").where("workspace_id", "=", other.workspaceId).execute(),
  ).toHaveLength((await app.db.owner.selectFrom("contacts").select("id").where("workspace_id", "=", other.workspaceId).execute()).length);
});

test("what is refused for its size or its form is not counted any longer", async () => {
  const client = await app.ours.as("editor");
  for (let times = 0; times < 5; times += 1) {
    const broken = await client.request("POST", "/api/contacts/import", {
      raw: "x",
      headers: { "content-type": "multipart/form-data; boundary=b" },
    });
    expect(broken.status).toBe(400);
  }
  expect((await send(client)).status).toBe(200);
});
