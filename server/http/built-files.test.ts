import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import express from "express";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, createClient } from "#test/http-client.ts";
import { serveBuiltFiles } from "./built-files.ts";
import { createSecurityHeaders } from "./security-headers.ts";

const script = "console.log('a page of the app');\n".repeat(200);
const page = "<!doctype html><title>Sluice</title>".repeat(20);

let folder: string;
let server: Server;
let url: string;
let browser: Client;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "sluice-built-"));
  mkdirSync(join(folder, "assets"));
  const put = (name: string, text: string, packed: boolean) => {
    writeFileSync(join(folder, name), text);
    if (!packed) return;
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(text));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(text));
  };
  put("assets/app-abc123.js", script, true);
  put("assets/app-abc123.js.map", "{}", false);
  put("assets/rows-abc123.js", script, true);
  put("index.html", page, true);
  put("icon.svg", "<svg/>", false);
  put("picture-frame.html", "<!doctype html><iframe></iframe>", true);
  const app = express();
  app.use(createSecurityHeaders("http://localhost"));
  app.use(serveBuiltFiles(folder));
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = createClient(url);
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const get = (path: string, encoding: string) => browser.get(path, { headers: { "accept-encoding": encoding } });
const asset = "/assets/app-abc123.js";

/** The status of a request that carries `If-None-Match`, which fetch would turn into one that asks for a new answer. */
const statusFor = (path: string, headers: Record<string, string>) =>
  new Promise<number | undefined>((resolve, reject) => {
    request(url + path, { headers }, (answer) => resolve(answer.resume().statusCode))
      .on("error", reject)
      .end();
  });

test.each([
  ["gzip, deflate, br, zstd", "br"],
  ["gzip, deflate", "gzip"],
  ["identity", null],
  ["br;q=0, gzip;q=0", null],
  ["deflate", null],
])("to a client that takes %s a file goes as %s", async (taken, sent) => {
  const answer = await get(asset, taken);
  expect(answer.headers.get("content-encoding")).toBe(sent);
  expect(answer.text).toBe(script);
  expect(answer.headers.get("content-type")).toMatch(/^text\/javascript/);
  expect(answer.headers.get("vary")).toBe("Accept-Encoding");
  expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
});

test("each form has its own ETag, and what the browser has is not sent again", async () => {
  const answers = await Promise.all(["br", "gzip", "identity"].map((encoding) => get("/contacts", encoding)));
  const tags = answers.map(({ headers }) => headers.get("etag") as string);
  expect(new Set(tags).size).toBe(3);
  const known = { "if-none-match": tags[0] as string };
  expect(await statusFor("/contacts", { "accept-encoding": "br", ...known })).toBe(304);
  expect(await statusFor("/contacts", { "accept-encoding": "gzip", ...known })).toBe(200);
});

test("every page of the app is the one page, compressed too and asked for each time", async () => {
  for (const path of ["/", "/index.html", "/contacts", "/flows/some-id?tab=history"]) {
    const answer = await get(path, "br");
    expect([path, answer.status, answer.text]).toEqual([path, 200, page]);
    expect(answer.headers.get("content-encoding")).toBe("br");
    expect(answer.headers.get("content-type")).toMatch(/^text\/html/);
    expect(answer.headers.get("cache-control")).toBe("no-cache");
  }
});

test("the answer of the contacts page names the file that only this page needs, so that it travels with the others", async () => {
  for (const path of ["/", "/contacts", "/contacts?q=ann"]) {
    expect((await get(path, "br")).headers.get("link")).toBe("</assets/rows-abc123.js>; rel=modulepreload");
  }
  for (const path of ["/flows", "/sign-in", asset]) expect((await get(path, "br")).headers.get("link")).toBeNull();
});

test("pictures from elsewhere may come into the page around an e-mail, which runs and sends nothing, and into no other", async () => {
  for (const path of ["/", "/flows/1", "/icon.svg", asset, "/picture-frame.html.gz/", "/picture-frame.htm"]) {
    const policy = (await get(path, "br")).headers.get("content-security-policy");
    expect([path, policy]).toEqual([path, expect.stringContaining("img-src 'self' data:;")]);
    expect(policy).toContain("frame-ancestors 'none'");
  }
  for (const encoding of ["br", "gzip", "identity"]) {
    const { status, headers } = await get("/picture-frame.html", encoding);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toMatch(/^text\/html/);
    expect(headers.get("x-frame-options")).toBe("SAMEORIGIN");
    expect(headers.get("content-security-policy")?.split("; ")).toEqual([
      "default-src 'none'",
      "img-src 'self' data: https:",
      "style-src 'unsafe-inline'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'self'",
    ]);
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  }
});

test("a file that is not there is told so in a few words that nobody keeps, and is never the page", async () => {
  for (const path of [
    "/assets/app-0ld.js",
    "/assets/app-0ld.js.map",
    "/assets/",
    "/assets/x",
    "/favicon.ico",
    "/contacts/x.js",
    "/robots.txt",
  ]) {
    const answer = await get(path, "br");
    expect([path, answer.status]).toEqual([path, 404]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
    expect(answer.text).not.toContain("<");
  }
  expect((await browser.request("HEAD", "/assets/app-0ld.js")).status).toBe(404);
});

test("a file that the build left as it is goes as it is", async () => {
  for (const [path, type] of [
    ["/icon.svg", /^image\/svg/],
    ["/assets/app-abc123.js.map", /^application\/json/],
  ] as const) {
    const answer = await get(path, "br");
    expect(answer.headers.get("content-encoding")).toBeNull();
    expect(answer.headers.get("content-type")).toMatch(type);
  }
});

test("asking for the head alone tells the same and sends nothing", async () => {
  const answer = await browser.request("HEAD", asset, { headers: { "accept-encoding": "br" } });
  expect([answer.status, answer.text, answer.headers.get("content-encoding")]).toEqual([200, "", "br"]);
});
