import { randomBytes } from "node:crypto";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { publicOnly } from "#channels/http/http-rules.ts";
import { saveSecret, workspaceSecretPlace } from "#db/queries/workspace-secrets.ts";
import { createSecretBox } from "#db/secret-box.ts";
import type { HttpRequest } from "#engine/flow/node-executor.ts";
import { createTestDb, type TestDb } from "#test/db.ts";
import { buildWorkspace } from "#test/factories.ts";
import { createWebhookClient } from "./webhook-client.ts";

const masterKey = randomBytes(32);
const secret = 'canary"secret\\4711';
let db: TestDb;
let workspaceId: string;
/** Names the hosts to which the secret may go. */
let storeKey: (hosts: string[]) => Promise<void>;
const someone = "00000000-0000-4000-8000-000000000000";
const closing: (() => void)[] = [];
beforeAll(async () => {
  db = await createTestDb();
  workspaceId = await buildWorkspace(db.owner);
  const sealed = createSecretBox(masterKey).seal(workspaceSecretPlace({ workspaceId, name: "key" }), secret);
  storeKey = (hosts) => saveSecret(db.owner, { workspaceId, name: "key", secret: sealed, hosts, updatedBy: someone });
});
afterAll(() => db.drop());
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serve(answer: RequestListener) {
  const heard: Record<string, unknown>[] = [];
  const server = createServer((req, res) => {
    heard.push(req.headers);
    answer(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  await storeKey([`127.0.0.1:${port}`]);
  const callWebhook = createWebhookClient({ db: db.owner, masterKey, rules: { allowPrivateHosts: true, extraPorts: [port] } });
  const call = (more: Partial<HttpRequest> = {}, workspace = workspaceId) =>
    callWebhook(
      workspace,
      { method: "POST", url: `http://127.0.0.1:${port}/`, headers: [], timeLimitSeconds: 5, pick: {}, ...more },
      { idempotencyKey: "execution:2", signal: new AbortController().signal },
    );
  return { heard, call };
}

const authorization = [{ name: "Authorization", value: ["Bearer ", { secret: "key" }] }];

test("a secret that is not there, or belongs to another workspace, is refused and nothing is called", async () => {
  const { heard, call } = await serve((_, res) => res.end());
  const unknown = [{ name: "X-A", value: [{ secret: "other" }] }];
  expect(await call({ headers: unknown })).toMatchObject({ outcome: "refused", message: expect.stringContaining('"other"') });
  expect(await call({ headers: authorization }, await buildWorkspace(db.owner))).toMatchObject({ outcome: "refused" });
  const moved = createSecretBox(masterKey).seal(workspaceSecretPlace({ workspaceId: "another", name: "moved" }), "x");
  await saveSecret(db.owner, { workspaceId, name: "moved", secret: moved, hosts: ["127.0.0.1"], updatedBy: someone });
  expect(await call({ headers: [{ name: "X-A", value: [{ secret: "moved" }] }] })).toMatchObject({ outcome: "refused" });
  expect(heard).toEqual([]);
});

test("a secret is not sent to a host that no admin named, nor without encryption, and the refusal tells what to do", async () => {
  const { heard, call } = await serve((_, res) => res.end());
  await storeKey(["api.example.com", "127.0.0.1"]);
  expect(await call({ headers: authorization })).toMatchObject({
    outcome: "refused",
    message: expect.stringMatching(/"key" was not sent to 127\.0\.0\.1:\d+\. It may be sent to api\.example\.com, 127\.0\.0\.1\. An admin/),
  });
  await storeKey([]);
  expect(await call({ headers: authorization })).toMatchObject({ message: expect.stringContaining("It may be sent to no host yet.") });
  // Of two secrets, one that may not go keeps both.
  await storeKey(["api.example.com"]);
  for (const rules of [publicOnly, { ...publicOnly, allowPrivateHosts: true }]) {
    const strict = createWebhookClient({ db: db.owner, masterKey, rules });
    const request = { method: "POST" as const, url: "http://api.example.com/", headers: authorization, timeLimitSeconds: 5, pick: {} };
    expect(await strict(workspaceId, request, { idempotencyKey: "a:1", signal: new AbortController().signal })).toMatchObject({
      outcome: "refused",
      message: expect.stringContaining("not encrypted"),
    });
  }
  expect(heard).toEqual([]);
});

test.each([
  ["in its name of a coding", (echo: string, res: ServerResponse) => res.setHeader("content-encoding", echo)],
  ["as base64 behind other text", (echo: string, res: ServerResponse) => res.write(Buffer.from(`user:${echo}:x`).toString("base64"))],
  ["as base64url", (echo: string, res: ServerResponse) => res.write(Buffer.from(echo).toString("base64url"))],
  ["as hex", (echo: string, res: ServerResponse) => res.write(Buffer.from(echo).toString("hex"))],
  ["in an address", (echo: string, res: ServerResponse) => res.write(`?key=${encodeURIComponent(echo)}`)],
])("a host that repeats the secret %s leaves nothing of it in the answer", async (_how, echo) => {
  const { call } = await serve((req, res) => {
    echo(String(req.headers["x-key"]), res);
    res.end();
  });
  const answer = await call({ headers: [{ name: "X-Key", value: [{ secret: "key" }] }] });
  const text = JSON.stringify(answer);
  for (const spelled of [secret, Buffer.from(secret).toString("hex"), encodeURIComponent(secret)]) expect(text).not.toContain(spelled);
  for (const piece of text.match(/[\w+/-]{8,}/g) ?? []) expect(Buffer.from(piece, "base64").toString()).not.toContain("canary");
});

test("fills the secret in for the other side, and lets nothing of it back in, however it is echoed", async () => {
  const { heard, call } = await serve((req, res) => res.end(JSON.stringify({ plain: "x", echo: req.headers.authorization, k: secret })));
  const answer = await call({ headers: authorization, pick: { echo: "echo", plain: "plain", gone: "a.b" } });
  expect(heard).toMatchObject([{ authorization: `Bearer ${secret}`, "idempotency-key": "execution:2" }]);
  expect(answer).toMatchObject({ outcome: "answered", status: 200, fields: { echo: "Bearer •••", plain: "x" } });
  expect(JSON.stringify(answer)).not.toContain("canary");
});

test("reads fields by their path, own ones only, and leaves out what is not there", async () => {
  const { call } = await serve((_, res) => res.end('{"data":{"id":7,"list":["a",{"b":true}],"none":null,"__proto__":{"x":1}}}'));
  const pick = {
    id: "data.id",
    first: "data.list.0",
    deep: "data.list.1.b",
    whole: "data.list",
    none: "data.none",
    up: "data.constructor.name",
  };
  expect(await call({ pick })).toMatchObject({ fields: { id: 7, first: "a", deep: true, whole: '["a",{"b":true}]' } });
  const { fields } = (await call({ pick })) as { fields: object };
  expect(Object.keys(fields)).toEqual(["id", "first", "deep", "whole"]);
});

test("tells that an answer is no JSON, cuts what people see at 2 KiB, and reads when to come back", async () => {
  let retryAfter = "7";
  const { call } = await serve((_, res) => res.writeHead(503, { "retry-after": retryAfter }).end("é".repeat(3_000)));
  const answer = await call({ pick: { a: "a" } });
  expect(answer).toMatchObject({ outcome: "answered", status: 503, fields: undefined, retryAfterMs: 7_000 });
  expect(Buffer.byteLength((answer as { excerpt: string }).excerpt)).toBeLessThanOrEqual(2_048);
  expect((answer as { excerpt: string }).excerpt.endsWith("é")).toBe(true);
  retryAfter = new Date(Date.now() + 60_000).toUTCString();
  const { retryAfterMs = 0 } = (await call()) as { retryAfterMs?: number };
  expect(Math.abs(retryAfterMs - 60_000)).toBeLessThan(3_000);
  retryAfter = "soon";
  expect(await call()).toMatchObject({ retryAfterMs: undefined });
});

test("an empty answer, one with a byte order mark, and integers beyond 2^53 are read; a broken one was answered", async () => {
  const pick = { id: "order.id" };
  const answer = async (status: number, body: string, headers = {}) => {
    const { call } = await serve((_, res) => res.writeHead(status, headers).end(body));
    return call({ pick });
  };
  expect(await answer(204, "")).toMatchObject({ outcome: "answered", fields: {} });
  expect(await answer(200, "")).toMatchObject({ outcome: "answered", fields: {} });
  expect(await answer(200, '\uFEFF{"order":{"id":7615917337495251231}}')).toMatchObject({ fields: { id: "7615917337495251231" } });
  expect(await answer(200, "no gzip", { "content-encoding": "gzip" })).toMatchObject({ outcome: "answered", fields: undefined });
  expect(await answer(200, "not json")).toMatchObject({ outcome: "answered", fields: undefined });
});
