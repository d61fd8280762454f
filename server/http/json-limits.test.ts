import { describe, expect, test } from "vitest";
import { findForbidden } from "./json-limits.ts";

describe("what no request may contain", () => {
  test("keys that reach a prototype, at any depth", () => {
    for (const key of ["__proto__", "constructor", "prototype"]) {
      expect(findForbidden(JSON.parse(`{"a":[{"${key}":{"admin":true}}]}`))).toEqual([
        { path: `a.0.${key}`, message: `"${key}" is not allowed as a name` },
      ]);
    }
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test("nesting deeper than 20 levels, even 100,000 of them", () => {
    expect(findForbidden(JSON.parse(nest(20)))).toEqual([]);
    expect(findForbidden(JSON.parse(nest(21)))).toHaveLength(1);
    expect(findForbidden(JSON.parse(nest(100_000)))[0]?.message).toBe("Nested deeper than 20 levels");
  });

  test("characters the database cannot store, in values and in names", () => {
    expect(findForbidden({ name: "a\0b" })).toEqual([{ path: "name", message: expect.stringContaining("NUL") }]);
    expect(findForbidden({ metadata: { "\0": 1 } })).toEqual([{ path: "metadata", message: expect.stringContaining("NUL") }]);
    expect(findForbidden({ name: "\ud800" })).toEqual([{ path: "name", message: expect.stringContaining("surrogate") }]);
  });

  test("and nothing else: emoji, every script, empty parts", () => {
    expect(findForbidden({ name: "😀 Ζωή 山田", list: [null, 0, false, ""], nothing: undefined })).toEqual([]);
  });

  test("each at its own place, beside and below others", () => {
    expect(findForbidden({ a: [{ b: "\0" }, 1, { c: ["x", "\0"] }], d: "\0" }).map(({ path }) => path)).toEqual(["a.0.b", "a.2.c.1", "d"]);
  });

  test("a thousand faults are told in twenty", () => {
    expect(findForbidden(Array.from({ length: 1000 }, () => "\0"))).toHaveLength(20);
  });
});

const nest = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
