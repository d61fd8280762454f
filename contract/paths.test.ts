import { describe, expect, test } from "vitest";
import { forbiddenWords, isForbiddenName, readOwnPath } from "./paths.ts";

describe("the reader of paths finds nothing", () => {
  test.each([
    ["toString"],
    ["constructor"],
    ["__proto__"],
    ["list", "length", "toFixed"],
    ["text", "toUpperCase"],
    ["order", "hasOwnProperty"],
    ["order", "id", "deeper"],
    ["missing", "id"],
    ["none", "id"],
    [],
  ])("at %j %j %j", (...path) => {
    expect(readOwnPath({ order: { id: 7 }, list: [1], text: "a", none: null }, path)).toBeUndefined();
  });

  test.each([undefined, null, "text", 7])("in %j", (start) => expect(readOwnPath(start, ["length"])).toBeUndefined());
});

test("the reader of paths follows objects and lists, and tells null from what is not there", () => {
  const data = { order: { items: [{ name: "Hat" }], total: null } };
  expect(readOwnPath(data, ["order", "items", "0", "name"])).toBe("Hat");
  expect(readOwnPath(data, ["order", "total"])).toBeNull();
  expect(readOwnPath(JSON.parse('{"__proto__":{"x":1}}'), ["__proto__", "x"])).toBe(1);
  expect(readOwnPath(Object.assign(Object.create(null), { plan: "pro" }), ["plan"])).toBe("pro");
});

test("three names are forbidden, and others that look like them are not", () => {
  expect(["__proto__", "constructor", "prototype"].every(isForbiddenName)).toBe(true);
  expect(["proto", "Constructor", "toString", ""].some(isForbiddenName)).toBe(false);
  expect(forbiddenWords).toBe("__proto__, constructor or prototype");
});
