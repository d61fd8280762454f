import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp, type TestApp } from "#test/app.ts";
import { createMetrics } from "../ops/metrics.ts";
import { openOpsServer } from "../ops/ops-server.ts";
import { createReadiness } from "../ops/readiness.ts";

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

test.each(["/api/health", "/api/contacts", "/api/nowhere"])("%s carries every header that protects a browser", async (path) => {
  const { headers } = await app.nobody.get(path);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("x-frame-options")).toBe("DENY");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("permissions-policy")).toMatch(/camera=\(\), .*geolocation=\(\), .*microphone=\(\)/);
  const policy = headers.get("content-security-policy") ?? "";
  for (const part of [
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "script-src-attr 'none'",
    "require-trusted-types-for 'script'",
  ])
    expect(policy).toContain(part);
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
});

test("the operator's port says nothing that a browser could take for a page", async () => {
  const readiness = createReadiness(app.resources.log);
  const ops = await openOpsServer({ host: "127.0.0.1", port: 0, metrics: createMetrics(), readiness });
  for (const path of ["/metrics", "/healthz", "/readyz", "/nowhere"]) {
    const { headers } = await fetch(`http://127.0.0.1:${ops.port}${path}`);
    expect(headers.get("x-content-type-options"), path).toBe("nosniff");
  }
  await ops.close();
});
