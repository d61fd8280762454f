import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ publicUrl: "https://sluice.example.com", allowedHosts: ["backup.example.com"] });
});
afterAll(() => app.stop());

/** Uses node:http, because fetch() does not let a caller set these headers. */
function ask(method: string, path: string, headers: Record<string, string>): Promise<{ status: number; code: string | undefined }> {
  return new Promise((resolve, reject) => {
    const call = request(`${app.url}${path}`, { method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => {
        const text = Buffer.concat(parts).toString();
        resolve({ status: response.statusCode ?? 0, code: text.startsWith("{") ? JSON.parse(text).code : undefined });
      });
    });
    call.on("error", reject);
    call.end();
  });
}

describe("a host name", () => {
  test.each(["evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "sluice.example.com.evil.example", "10.0.0.7"])(
    "that is not ours is refused: %j",
    async (host) => {
      expect(await ask("GET", "/api/session", { host })).toEqual({ status: 403, code: "origin_refused" });
    },
  );

  test.each([
    "localhost",
    "localhost:5173",
    "127.0.0.1:4400",
    "[::1]:4400",
    "sluice.example.com",
    "SLUICE.example.com:443",
    "sluice.example.com.",
    "backup.example.com",
  ])("that is ours is answered: %j", async (host) => {
    expect((await ask("GET", "/api/session", { host })).status).toBe(200);
  });

  test("does not matter to the probes of a container platform, which ask by address", async () => {
    expect((await ask("GET", "/api/health", { host: "10.0.0.7" })).status).toBe(200);
  });
});

describe("a request that changes something, with a session cookie,", () => {
  const revoke = "/api/account/sessions/0198c5d2-7c1e-7b3a-9d54-2f6e8a1b3c4d";
  let cookie: string;
  const host = "sluice.example.com";
  beforeAll(async () => {
    cookie = (await app.ours.as("owner")).headers.cookie as string;
  });
  const refused = { status: 403, code: "origin_refused" };
  /** The request reached the handler, which knows no such session. */
  const passed = { status: 404, code: "not_found" };

  test.each(["https://evil.example", "https://sluice.example.com.evil.example", "https://sub.sluice.example.com", "null", "file://"])(
    "from %s is refused",
    async (origin) => {
      expect(await ask("DELETE", revoke, { host, cookie, origin })).toEqual(refused);
    },
  );

  test("of a browser that says it comes from another site is refused, and so is one that says nothing", async () => {
    for (const site of ["cross-site", "same-site"]) {
      expect(await ask("DELETE", revoke, { host, cookie, "sec-fetch-site": site })).toEqual(refused);
    }
    expect(await ask("DELETE", revoke, { host, cookie })).toEqual(refused);
  });

  test("from our own pages passes", async () => {
    expect(await ask("DELETE", revoke, { host, cookie, origin: "https://sluice.example.com" })).toEqual(passed);
    expect(await ask("DELETE", revoke, { host, cookie, "sec-fetch-site": "same-origin" })).toEqual(passed);
    // The browser's view when a proxy in front rewrites Host.
    expect(await ask("DELETE", revoke, { host: "127.0.0.1:4400", cookie, origin: "https://sluice.example.com" })).toEqual(passed);
  });
});

test("a foreign page cannot sign its visitor in to somebody else's account", async () => {
  const headers = { host: "sluice.example.com", origin: "https://evil.example", "content-type": "application/json" };
  expect(await ask("POST", "/api/session", headers)).toEqual({ status: 403, code: "origin_refused" });
});

test("an API key needs no origin: there is no cookie to abuse", async () => {
  const { headers } = await app.ours.key(["contacts:write"]);
  const contact = "/api/contacts/0198c5d2-7c1e-7b3a-9d54-2f6e8a1b3c4d";
  const answer = await ask("DELETE", contact, { ...headers, host: "localhost", origin: "https://elsewhere.example" });
  expect(answer).toEqual({ status: 404, code: "contact_not_found" });
});

test("no answer allows another origin to read it, and the preflight of such a page is refused", async () => {
  const preflight = await app.nobody.request("OPTIONS", "/api/sends", {
    headers: { origin: "https://evil.example", "access-control-request-method": "POST", "access-control-request-headers": "authorization" },
  });
  expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([405, null]);
  const { headers } = await app.nobody.get("/api/session", { headers: { origin: "https://evil.example" } });
  expect(headers.get("access-control-allow-origin")).toBeNull();
});

test("every answer carries the headers that keep a browser strict", async () => {
  const { headers } = await app.nobody.get("/api/nope");
  const policy = headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'self'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("strict-transport-security")).toContain("max-age=31536000");
  expect(headers.get("x-powered-by")).toBeNull();
});
