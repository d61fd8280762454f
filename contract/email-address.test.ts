import { describe, expect, test } from "vitest";
import { slowdown } from "#test/processor-time.ts";
import { isSendableEmail, withPlainDomain } from "./email-address.ts";

describe("refuses", () => {
  test.each([
    ["nothing", ""],
    ["no @", "grace.example.org"],
    ["two @", "a@b@c.example"],
    ["nothing before the @", "@example.org"],
    ["nothing after the @", "grace@"],
    ["a quoted local part, where parsers disagree about who is meant", '"victim@x.example, y"@evil.example'],
    ["a comment", "grace(comment)@example.org"],
    ["a name with the address in brackets", "Grace <grace@example.org>"],
    ["a list", "a@example.org,b@example.org"],
    ["a group", "friends:a@example.org;"],
    ["a space", "gr ace@example.org"],
    ["a space around it", " grace@example.org"],
    ["a line break", "grace@example.org\r\nRCPT TO:<x@example.org>"],
    ["a zero byte", "grace\u0000@example.org"],
    ["an invisible character", "gra\u200bce@example.org"],
    ["a dot at the start", ".grace@example.org"],
    ["a dot at the end", "grace.@example.org"],
    ["two dots", "gr..ace@example.org"],
    ["a domain with an empty label", "grace@example..org"],
    ["a domain with a dot at the end", "grace@example.org."],
    ["a domain label with a hyphen at its edge", "grace@-example.org"],
    ["an address literal", "grace@[127.0.0.1]"],
    ["a domain that is a number", "grace@127.0.0.1"],
    ["the same in wide digits", "grace@１２７.0.0.1"],
    ["a domain without a dot", "a@b"],
    ["a domain in another script, which goes in its xn-- form", "grace@bücher.example"],
    ["a local part that not every server takes", "用户@example.org"],
    ["a route", "@relay.example:grace@example.org"],
    ["a percent hack in the domain", "grace@exa%6dple.org"],
    ["a local part of 65 characters", `${"a".repeat(65)}@example.org`],
    ["255 characters", `a@${"b".repeat(60)}.${"c".repeat(63)}.${"d".repeat(63)}.${"e".repeat(63)}.x`],
  ])("%s", (_what, text) => {
    expect(isSendableEmail(text)).toBe(false);
  });
});

describe("takes", () => {
  test.each([
    ["grace@example.org"],
    ["Grace.Hopper+flows@Mail.Example.ORG"],
    ["o'brien_{x}!#$%&*/=?^`|~-@example.org"],
    ["grace@xn--bcher-kva.example"],
  ])("%s", (text) => {
    expect(isSendableEmail(text)).toBe(true);
  });
});

test.each([
  ["a domain in another script, in the form in which mail servers know it", "Grace@Bücher.example", "Grace@xn--bcher-kva.example"],
  ["one of wholly other letters", "info@пример.рф", "info@xn--e1afmkfd.xn--p1ai"],
  ["a plain one, as it is", "Grace+x@Example.org", "Grace+x@Example.org"],
  ["digits that look like others, which would become an address of a machine", "grace@１２７.0.0.1", "grace@１２７.0.0.1"],
  ["a local part that not every server takes", "用户@bücher.example", "用户@bücher.example"],
  ["what is no address", "grace@bücher.example/x", "grace@bücher.example/x"],
  ["nothing before the sign", "@bücher.example", "@bücher.example"],
])("keeps %s", (_what, typed, kept) => {
  expect(withPlainDomain(typed)).toBe(kept);
});

test.each<[string, (size: number) => string]>([
  ["brackets", (size) => `${"(".repeat(size)}@x`],
  ["dots before the sign", (size) => `${"a.".repeat(size / 2)}@x`],
  ["signs", (size) => "@".repeat(size)],
  ["dots behind the sign", (size) => `a@${"b.".repeat(size / 2)}`],
])("a hostile text of any length is decided in time that grows with its length at most: %s", (_, text) => {
  const [short, long] = [text(125_000), text(1_000_000)];
  expect(isSendableEmail(long)).toBe(false);
  expect(
    slowdown(
      () => isSendableEmail(short),
      () => isSendableEmail(long),
    ),
  ).toBeLessThan(32);
});
