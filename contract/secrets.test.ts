import { expect, test } from "vitest";
import { SecretInput, SecretName } from "./secrets.ts";

test.each(["", "1st", "_key", "billing-key", "billing.key", "ключ", "x".repeat(61)])("a secret cannot be called %o", (name) =>
  expect(SecretName.safeParse(name).success).toBe(false),
);

test.each(["", "two\nlines", "a\ttab", "schlüssel", "x".repeat(4_097)])("a secret that a header cannot carry is refused: %o", (value) =>
  expect(SecretInput.safeParse({ value, hosts: ["api.example.com"] }).success).toBe(false),
);

test("a name of letters, digits and underscores and a value of one line are accepted", () => {
  expect(SecretName.parse("billing_key2")).toBe("billing_key2");
  const hosts = ["api.example.com"];
  expect(SecretInput.parse({ value: "Bearer sk_live ~!", hosts })).toEqual({ value: "Bearer sk_live ~!", hosts });
});
