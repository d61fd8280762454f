import { expect, test } from "vitest";
import { mergeWords } from "./use-merge-words.ts";

test("what came in beside one’s own changes is told with who made it and where, and one’s own other window is not somebody else", () => {
  const words = (by: string | null, steps: string[]) => mergeWords({ by, steps }, "Ada", (id) => id.toUpperCase());
  expect(words("Bea", ["a"])).toBe("Merged with the changes of Bea to “A”");
  expect(words(null, ["a", "b"])).toBe("Merged with the changes of somebody else to “A” and “B”");
  expect(words("Ada", ["a", "b", "c", "d"])).toBe("Merged with the changes you made in another window to “A”, “B” and 2 more");
});
