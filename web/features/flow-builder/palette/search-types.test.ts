import { expect, test } from "vitest";
import { addableTypes } from "./addable-types.ts";
import { searchTypes } from "./search-types.ts";

test("no type has all of these words", () => {
  expect(searchTypes("wait banana")).toEqual([]);
});

test.each(addableTypes().map(({ label, type }) => [label, type]))("%s is the first that its own name finds", (label, type) => {
  expect(searchTypes(label.toLowerCase())[0]?.type).toBe(type);
});
