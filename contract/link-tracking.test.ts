import { expect, test } from "vitest";
import { ShortDomain } from "./link-tracking.ts";
import { withoutCounting, withoutTokens } from "./tracking-paths.ts";

test.each([
  ...["", "go", "localhost", "127.0.0.1", "[::1]", "https://go.example.com", "go.example.com/", "go.example.com/x", "go.example.com:8443"],
  ...[
    "go.example.com?x",
    "user@go.example.com",
    "-go.example.com",
    "go-.example.com",
    "go..example.com",
    ".example.com",
    "go.example.com.",
  ],
  ...["go.exa mple.com", "go.example.com\r\nx", "gö.example", `${"a".repeat(60)}.com`, "1.2.3.4", "go.example.c"],
])("%j is no domain for short links", (given) => {
  expect(ShortDomain.safeParse(given).success).toBe(false);
});

test.each([
  ["go.example.com", "go.example.com"],
  [" Go.Example.COM ", "go.example.com"],
  ["x1.co", "x1.co"],
  ["xn--bcher-kva.example", "xn--bcher-kva.example"],
])("%j is one: %s", (given, expected) => {
  expect(ShortDomain.parse(given)).toBe(expected);
});

const token = "aB3-_".repeat(20);

test("an e-mail that is looked at here loads no picture, and its links are not counted", () => {
  const html = `<a href="https://s.example/l/${token}">x</a><a href='https://x.example/l/y'>y</a><img src="https://s.example/o/${token}" width="1" height="1" alt="" style="border:0"><img src="/logo.png">`;
  expect(withoutCounting(html)).toBe(
    `<a href="https://s.example/l/${token}?look">x</a><a href='https://x.example/l/y'>y</a><img src="/logo.png">`,
  );
});

test("a text that is read here is not full of tokens", () => {
  expect(withoutTokens(`Shop: https://s.example/l/${token} or https://x.example/l/short`)).toBe(
    "Shop: https://s.example/l/… or https://x.example/l/short",
  );
});
