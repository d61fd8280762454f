import { expect, it } from "vitest";
import { problemOfEnd } from "./not-later-than.tsx";

const now = Date.parse("2026-05-08T12:00:00Z");
const at = { now, zone: "America/New_York" };

it.each([
  ["nothing typed", "", "Choose a day and a time"],
  ["a day that there is not", "2026-02-30T10:00", "Choose a day and a time"],
  ["a time that has passed on the clock of the workspace", "2026-05-08T07:59", "This time has passed"],
  ["this very minute", "2026-05-08T08:00", "This time has passed"],
])("says what is wrong with %s", (_, end, problem) => {
  expect(problemOfEnd(end, at)).toBe(problem);
});

it("has to come after the start, and may be left out", () => {
  expect(problemOfEnd("2026-05-08T18:00", { ...at, startsAt: "2026-05-08T18:00" })).toBe("This is before the send begins");
  expect(problemOfEnd("2026-05-08T18:01", { ...at, startsAt: "2026-05-08T18:00" })).toBeUndefined();
  expect(problemOfEnd("2026-05-08T18:00", at)).toBeUndefined();
  expect(problemOfEnd(null, at)).toBeUndefined();
});
