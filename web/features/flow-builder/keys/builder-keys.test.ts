import { describe, expect, test } from "vitest";
import { clipboardKeys, drawingKeys, flowKeys, keyIn, partsOf, rowKeys } from "./builder-keys.ts";

const pressed = (key: string, more: object = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });

describe("a key", () => {
  test("with Alt is never one of the builder", () => {
    expect(keyIn(rowKeys, pressed("a", { altKey: true }))).toBeUndefined();
  });

  test("with Ctrl is not the letter alone, and with ⌘ the same as with Ctrl", () => {
    expect(keyIn(rowKeys, pressed("x", { ctrlKey: true }))).toBeUndefined();
    expect(keyIn(flowKeys, pressed("z", { ctrlKey: true }))).toBe("undo");
    expect(keyIn(flowKeys, pressed("z", { metaKey: true }))).toBe("undo");
  });

  test("with Shift is another one where it is a letter or has a name", () => {
    expect(keyIn(rowKeys, pressed("a"))).toBe("add");
    expect(keyIn(rowKeys, pressed("A", { shiftKey: true }))).toBe("addBefore");
    expect(keyIn(rowKeys, pressed("ArrowDown", { shiftKey: true }))).toBe("selectDown");
    expect(keyIn(flowKeys, pressed("F8", { shiftKey: true }))).toBe("previousProblem");
    expect(keyIn(flowKeys, pressed("Z", { ctrlKey: true, shiftKey: true }))).toBe("redo");
  });

  test("that is a sign counts with and without Shift, because keyboards differ", () => {
    expect(keyIn(flowKeys, pressed("?", { shiftKey: true }))).toBe("help");
    expect(keyIn(drawingKeys, pressed("+"))).toBe("zoomIn");
    expect(keyIn(drawingKeys, pressed("+", { shiftKey: true }))).toBe("zoomIn");
  });

  test("counts also while the letters are locked to capitals", () => {
    expect(keyIn(rowKeys, pressed("M"))).toBe("move");
  });
});

test("every key is told by its parts", () => {
  expect(partsOf("Mod+Shift+Z")).toEqual(["Mod", "Shift", "Z"]);
  expect(partsOf("+")).toEqual(["+"]);
  expect(partsOf("Shift+ArrowUp")).toEqual(["Shift", "ArrowUp"]);
});

test("no key does two things", () => {
  const all = [rowKeys, clipboardKeys, flowKeys, drawingKeys].flatMap((list) =>
    Object.values(list).flatMap(({ keys }) => keys as readonly string[]),
  );
  expect(all.filter((key, index) => all.indexOf(key) !== index)).toEqual([]);
});
