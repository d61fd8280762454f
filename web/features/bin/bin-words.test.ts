import { expect, test } from "vitest";
import { erasedIn } from "./bin-words.ts";

const now = new Date("2026-12-01T18:00:00.000Z");

test.each([
  ["2026-12-01T17:00:00.000Z", "within the hour"],
  ["2026-12-02T01:00:00.000Z", "today"],
  ["2026-12-02T06:30:00.000Z", "tomorrow"],
  ["2026-12-03T17:00:00.000Z", "in 2 days"],
  // What was deleted a moment ago lies in the bin for thirty days.
  ["2026-12-31T17:59:00.000Z", "in 30 days"],
])("a contact that is erased at %s says %s in Chicago", (erasedAt, words) => {
  expect(erasedIn({ erasedAt }, now, "America/Chicago")).toBe(words);
});
