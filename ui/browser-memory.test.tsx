import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { forgetTab, keep, recall } from "./browser-memory.ts";

const clear = () => {
  localStorage.clear();
  sessionStorage.clear();
};
beforeEach(clear);
afterEach(() => {
  vi.unstubAllGlobals();
  clear();
});

describe("what a browser keeps", () => {
  test("is found again, and forgotten by null", () => {
    keep("view", "canvas");
    expect(recall("view")).toBe("canvas");
    keep("view", null);
    expect(recall("view")).toBeNull();
  });

  test("of a tab is not that of all tabs", () => {
    keep("workspace", "one", "tab");
    expect(recall("workspace", "tab")).toBe("one");
    expect(recall("workspace")).toBeNull();
  });

  test("of a tab can be forgotten at once, and that of all tabs stays", () => {
    keep("answer", "half", "tab");
    keep("view", "canvas");
    forgetTab();
    expect(recall("answer", "tab")).toBeNull();
    expect(recall("view")).toBe("canvas");
  });
});

describe("a browser that", () => {
  const throwing = () => {
    throw new DOMException("The operation is insecure.", "SecurityError");
  };

  test.each(["browser", "tab"] as const)("forbids its storage finds nothing, and breaks nothing (%s)", (where) => {
    for (const name of ["localStorage", "sessionStorage"]) vi.spyOn(globalThis, name as "localStorage", "get").mockImplementation(throwing);
    try {
      expect(() => keep("view", "canvas", where)).not.toThrow();
      expect(recall("view", where)).toBeNull();
      expect(forgetTab).not.toThrow();
    } finally {
      vi.restoreAllMocks();
    }
  });

  test("has no room keeps nothing, and breaks nothing", () => {
    vi.stubGlobal("localStorage", { getItem: () => null, setItem: throwing, removeItem: throwing });
    expect(() => keep("view", "canvas")).not.toThrow();
    expect(recall("view")).toBeNull();
  });
});
