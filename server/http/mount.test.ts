import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Route } from "#contract/route.ts";
import { defineRoute } from "#contract/route.ts";
import type { Tx } from "#db/client.ts";
import { insertAuditEntry } from "#db/queries/audit-log.ts";
import { startTestApp, type TestApp } from "#test/app.ts";
import { type Client, createClient } from "#test/http-client.ts";
import { createErrorHandler } from "./error-handler.ts";
import { mountRoutes } from "./mount.ts";
import type { AnyHandler } from "./mounted-route.ts";

let app: TestApp;
const servers: Server[] = [];

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  for (const server of servers) server.close();
  await app.stop();
});

/** A server with one route of the test's own, on the real database and identity. */
async function serve(route: Route, handler: AnyHandler): Promise<Client> {
  const one = express();
  one.use((_req, res, next) => {
    res.locals.requestId = "test";
    next();
  });
  mountRoutes(one, { thing: route }, { thing: handler }, { resources: app.resources, checkResponses: true, isClaimed: async () => true });
  one.use(createErrorHandler(app.resources.log));
  const server = createServer(one);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { cookie = "" } = (await app.ours.as("admin")).headers;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return createClient(url, { cookie, origin: url });
}

const good = defineRoute({
  method: "POST",
  path: "/api/thing/:id",
  tag: "Test",
  summary: "A thing",
  auth: { kind: "member", role: "viewer", scope: null },
  params: z.strictObject({ id: z.uuid() }),
  query: z.strictObject({ limit: z.coerce.number().int().max(10).default(5) }),
  body: z.strictObject({
    name: z.string().min(1),
    metadata: z.record(z.string(), z.unknown()).optional(),
    workspaceId: z.string().optional(),
  }),
  response: z.object({ name: z.string() }),
  audit: "thing.make",
  bodyLimit: 2048,
});
const id = "0198c5d2-7c1e-7b3a-9d54-2f6e8a1b3c4d";

describe("a route cannot be mounted", () => {
  const mount = (route: Partial<Route>, handler?: AnyHandler) => () =>
    mountRoutes(express(), { thing: { ...good, ...route } as Route }, handler ? { thing: handler } : {}, {
      resources: app.resources,
      checkResponses: true,
      isClaimed: async () => true,
    });
  const answer = async () => ({ name: "x" });

  test("when it does not say who may call it", () => {
    expect(mount({ auth: undefined as never }, answer)).toThrow("says not who may call it");
  });
  test("when its role or scope is not a known one", () => {
    expect(mount({ auth: { kind: "member", role: "boss", scope: "everything" } as never }, answer)).toThrow(
      "names no known role, it names no known scope",
    );
  });
  test.each(["params", "query", "body", "response"] as const)("when it has no schema for its %s", (part) => {
    expect(mount({ [part]: undefined }, answer)).toThrow(`has no schema for its ${part}`);
  });
  test("when nothing handles it", () => {
    expect(mount({})).toThrow("has no handler");
  });
  test("when it changes something and leaves no trace in the audit log", () => {
    expect(mount({ audit: null }, answer)).toThrow("no word for the audit log");
  });
});

describe("a request is refused with everything that is wrong with it", () => {
  let client: Client;
  beforeAll(async () => {
    client = await serve(good, async (call) => ({ name: (call as { body: { name: string } }).body.name }));
  });

  test("in its address, query and body at once, with paths", async () => {
    const { status, body } = await client.post("/api/thing/nope?limit=99&page=2", { name: "", extra: 1 });
    expect(status).toBe(400);
    expect(body).toMatchObject({ success: false, code: "invalid_request", requestId: "test" });
    expect(body.problems.map((problem: { path: string }) => problem.path).sort()).toEqual(["extra", "id", "limit", "name", "page"]);
  });

  test("in keys that would reach a prototype, wherever the schema leaves room for them", async () => {
    for (const key of ["__proto__", "constructor", "prototype"]) {
      const { status, body } = await client.request("POST", `/api/thing/${id}`, {
        raw: `{"name":"a","metadata":{"x":{"${key}":{"admin":true}}}}`,
      });
      expect([status, body.code, body.problems[0].path]).toEqual([400, "invalid_request", `metadata.x.${key}`]);
    }
    const { status } = await client.request("POST", `/api/thing/${id}?__proto__[admin]=1`, { raw: '{"name":"a"}' });
    expect(status).toBe(400);
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });

  test("when the body is not JSON", async () => {
    const { status, body } = await client.request("POST", `/api/thing/${id}`, { raw: '{"name":' });
    expect([status, body.code]).toEqual([400, "malformed_json"]);
  });

  test("when the body is JSON that does not say so, or is something else", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
      const { status, body } = await client.request("POST", `/api/thing/${id}`, { raw: '{"name":"a"}', headers: { "content-type": type } });
      expect([status, body.code]).toEqual([415, "unsupported_media_type"]);
    }
  });

  test("when the body is larger than the route allows, said before or found out while reading", async () => {
    const large = JSON.stringify({ name: "x".repeat(3000) });
    const said = await client.request("POST", `/api/thing/${id}`, { raw: large });
    expect([said.status, said.body.code]).toEqual([413, "body_too_large"]);
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(large));
        controller.close();
      },
    });
    const init = { method: "POST", body: stream, duplex: "half", headers: { "content-type": "application/json" } } as RequestInit;
    expect((await client.fetch(`/api/thing/${id}`, init)).status).toBe(413);
  });

  test("when there is no body where one is needed", async () => {
    const { status, body } = await client.post(`/api/thing/${id}`);
    expect([status, body.code, body.problems.length]).toEqual([400, "invalid_request", 1]);
  });

  test("when the address is longer than 8 KiB, or its encoding is broken", async () => {
    expect((await client.post(`/api/thing/${id}?limit=${"1".repeat(9000)}`, { name: "a" })).body.code).toBe("invalid_request");
    expect((await client.post("/api/thing/%E0%A4%A", { name: "a" })).status).toBe(400);
  });

  test("when its body names another workspace, and not when it names this one", async () => {
    const { status, body } = await client.post(`/api/thing/${id}`, { name: "a", workspaceId: app.theirs.workspaceId });
    expect([status, body.code]).toEqual([403, "workspace_mismatch"]);
    expect((await client.post(`/api/thing/${id}`, { name: "a", workspaceId: app.ours.workspaceId })).status).toBe(200);
  });
});

describe("an address that is not in the table", () => {
  test("answers 404 in JSON under /api", async () => {
    const { status, body, headers } = await app.nobody.get("/api/unified-workflow/nope");
    expect([status, body.code]).toEqual([404, "route_not_found"]);
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("answers 405 with the methods it has when only the method is wrong", async () => {
    for (const method of ["DELETE", "OPTIONS", "PUT"]) {
      const { status, body, headers } = await app.nobody.request(method, "/api/unified-workflow/execute-for-contact");
      expect([status, body.code, headers.get("allow")]).toEqual([405, "method_not_allowed", "POST"]);
    }
  });
});

describe("an answer", () => {
  test("that its schema does not describe fails in tests, and tells the client nothing about it", async () => {
    const wrong = await serve(good, async () => ({ name: 7 }));
    expect((await wrong.post(`/api/thing/${id}`, { name: "a" })).body).toMatchObject({ code: "internal" });
    const leaking = await serve(good, async () => ({ name: "a", passwordHash: "leaked" }));
    const { status, text } = await leaking.post(`/api/thing/${id}`, { name: "a" });
    expect(status).toBe(500);
    expect(text).not.toContain("passwordHash");
    expect(app.logged.join("")).toContain("passwordHash: not in the schema");
  });

  test("to a failure of ours is a 500 with the request's id and no detail, and the detail is in the log", async () => {
    const broken = await serve(good, async () => Promise.reject(new Error("relation contacts_secret does not exist")));
    const { status, body, text } = await broken.post(`/api/thing/${id}`, { name: "a" });
    expect([status, body.code, body.requestId]).toEqual([500, "internal", "test"]);
    expect(text).not.toContain("contacts_secret");
    expect(app.logged.join("")).toContain("contacts_secret");
  });

  test("while the database cannot be reached is 503 with Retry-After", async () => {
    for (const error of [
      Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }),
      new Error("timeout exceeded when trying to connect"),
      new Error("Connection terminated unexpectedly"),
      Object.assign(new Error("terminating connection due to administrator command"), { code: "57P01" }),
      Object.assign(new Error("sorry, too many clients already"), { code: "53300" }),
    ]) {
      const down = await serve(good, async () => Promise.reject(error));
      const { status, body, headers } = await down.post(`/api/thing/${id}`, { name: "a" });
      expect([status, body.code, headers.get("retry-after")]).toEqual([503, "unavailable", "2"]);
    }
  });

  test("carries the caller's request id, or one of ours when theirs cannot be used", async () => {
    const { headers, body } = await app.nobody.get("/api/nope", { headers: { "x-request-id": "abc-12345" } });
    expect([headers.get("x-request-id"), body.requestId]).toEqual(["abc-12345", "abc-12345"]);
    const odd = await app.nobody.get("/api/nope", { headers: { "x-request-id": "a b<script>" } });
    expect(odd.body.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

test("nothing that a handler wrote is kept when it fails afterwards", async () => {
  const failing = await serve(good, async (call) => {
    const { db, workspaceId } = call as { db: Tx; workspaceId: string };
    await insertAuditEntry(db, { workspaceId, actorId: null, actorName: null, action: "half.done" });
    throw new Error("afterwards");
  });
  await failing.post(`/api/thing/${id}`, { name: "a" });
  const rows = await app.db.owner.selectFrom("audit_log").select("id").where("action", "=", "half.done").execute();
  expect(rows).toEqual([]);
});
