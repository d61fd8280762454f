import { expect, test } from "vitest";
import type { Scope } from "#contract/people.ts";
import { routes } from "#contract/routes.ts";
import { curlExample } from "./curl-example.ts";

const made = (...scopes: Scope[]) => {
  const at = "2026-01-01T00:00:00Z";
  return { key: "slc_secret", apiKey: { id: "a1b2c3d4", name: "x", scopes, createdAt: at, lastUsedAt: null, expiresAt: at } };
};
const pathIn = (example: string) => /https:\/\/sluice\.example(\S+)/.exec(example)?.[1];

test("a key that may send shows the call that sends", () => {
  const example = curlExample("https://sluice.example", made("flows:send"));
  expect(pathIn(example)).toBe("/api/unified-workflow/execute-for-contact");
  expect(example).toContain("-X POST");
  expect(example).toContain("Authorization: Bearer slc_secret");
});

test.each(["contacts:read", "flows:read", "executions:read", "messages:read", "admin"] as const)(
  "a key for %s shows a call that this very scope allows",
  (scope) => {
    const path = pathIn(curlExample("https://sluice.example", made(scope)));
    const route = Object.values(routes).find((one) => one.path === path && one.method === "GET");
    expect(route?.auth).toMatchObject({ kind: "member", scope });
  },
);
