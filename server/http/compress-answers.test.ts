import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { buildContacts } from "#test/factories.ts";
import type { Client } from "#test/http-client.ts";

let app: TestApp;
let owner: Client;
beforeAll(async () => {
  app = await startTestApp();
  owner = await app.ours.as("owner");
  await buildContacts(app.db.owner, app.ours.workspaceId, 50);
});
afterAll(() => app.stop());

const taking = (encoding: string) => ({ headers: { "accept-encoding": encoding } });
const encodingOf = async (path: string, headers: Record<string, string>) =>
  (await owner.get(path, { headers })).headers.get("content-encoding");

/** The status of a request that carries `If-None-Match`, which fetch would turn into one that asks for a new answer. */
const statusFor = (path: string, headers: Record<string, string>) =>
  new Promise<number | undefined>((resolve, reject) => {
    request(app.url + path, { headers }, (answer) => resolve(answer.resume().statusCode))
      .on("error", reject)
      .end();
  });

test("a client that takes nothing, or refuses what we have, gets the answer as it is", async () => {
  expect(await encodingOf("/api/contacts", { "accept-encoding": "identity" })).toBeNull();
  expect(await encodingOf("/api/contacts", { "accept-encoding": "br;q=0, gzip;q=0" })).toBeNull();
});

test.each(["br", "gzip"])("a list is sent in %s, says so to caches, and is the same list", async (encoding) => {
  const plain = await owner.get("/api/contacts", taking("identity"));
  const packed = await owner.get("/api/contacts", taking(encoding));
  expect(packed.headers.get("content-encoding")).toBe(encoding);
  expect(packed.headers.get("vary")).toMatch(/Accept-Encoding/i);
  expect(plain.headers.get("vary"), "also of the form that is not compressed").toMatch(/Accept-Encoding/i);
  expect(packed.headers.get("cache-control")).toBe("no-store");
  expect(packed.body).toEqual(plain.body);
});

test("an answer below a kilobyte is not worth it", async () => {
  const session = await owner.get("/api/contacts/count", taking("gzip"));
  expect(session.status).toBe(200);
  expect(session.headers.get("content-encoding")).toBeNull();
});

test("what another site made the browser ask for is not compressed, because its length would tell what is in it", async () => {
  for (const site of ["cross-site", "same-site"])
    expect(await encodingOf("/api/contacts", { "accept-encoding": "gzip", "sec-fetch-site": site })).toBeNull();
  for (const site of ["same-origin", "none"])
    expect(await encodingOf("/api/contacts", { "accept-encoding": "gzip", "sec-fetch-site": site })).toBe("gzip");
});

test("an answer that may carry a new secret is not compressed, however long it is", async () => {
  const problems = Array.from({ length: 100 }, (_, index) => [`field ${index}`, "unknown"]);
  const answer = await owner.post("/api/api-keys", Object.fromEntries(problems), taking("gzip"));
  expect(answer.text.length).toBeGreaterThan(1024);
  expect(answer.headers.get("content-encoding")).toBeNull();
});

test("an export is compressed while it is written", async () => {
  const plain = await owner.get("/api/contacts/export", taking("identity"));
  const packed = await owner.get("/api/contacts/export", taking("br"));
  expect(packed.headers.get("content-encoding")).toBe("br");
  expect(packed.text).toBe(plain.text);
});

test("the description of the API is compressed and kept until it changes", async () => {
  const first = await app.nobody.get("/api/openapi.json", taking("br"));
  expect(first.headers.get("content-encoding")).toBe("br");
  expect(first.headers.get("cache-control")).toBe("no-cache");
  const tag = first.headers.get("etag") as string;
  for (const encoding of ["br", "gzip", "identity"])
    expect(await statusFor("/api/openapi.json", { "accept-encoding": encoding, "if-none-match": tag })).toBe(304);
  expect(await statusFor("/api/openapi.json", { "if-none-match": 'W/"another"' })).toBe(200);
});
