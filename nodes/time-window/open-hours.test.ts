import { expect, test } from "vitest";
import { copyToNextYear } from "./next-year.ts";
import { openParts, openWords } from "./open-hours.ts";

const week = [1, 2, 3, 4, 5];

test("hours a week are counted once they are known", () => {
  expect(openWords({ days: week, from: "09:00", to: undefined })).toBeUndefined();
  expect(openWords({ days: [], from: "09:00", to: "17:00" })).toBeUndefined();
  expect(openWords({ days: week, from: "09:00", to: "09:00" })).toBeUndefined();
  expect(openWords({ days: week, from: "09:00", to: "18:00" })).toBe("Open 45 h a week");
  expect(openWords({ days: week, from: "09:15", to: "17:00" })).toBe("Open 38 h 45 min a week");
  expect(openWords({ days: [5, 6], from: "22:00", to: "06:00" })).toBe("Open 16 h a week, each time into the next day");
  expect(openWords({ days: [...week, 6, 7], from: "00:00", to: "24:00" })).toBe("Always open");
});

test("a window over midnight has a part at each end of the day", () => {
  expect(openParts("06:00", "12:00")).toEqual([{ start: 0.25, size: 0.25 }]);
  expect(openParts("18:00", "06:00")).toEqual([
    { start: 0, size: 0.25 },
    { start: 0.75, size: 0.25 },
  ]);
  expect(openParts("18:00", "00:00")).toEqual([{ start: 0.75, size: 0.25 }]);
});

test("the days of the latest year are copied to the next, but for a 29 February, and only where there is room", () => {
  expect(copyToNextYear([])).toBeUndefined();
  expect(copyToNextYear([""])).toBeUndefined();
  expect(copyToNextYear(["2026-12-24", "2025-01-01"])).toEqual({ from: 2026, to: 2027, days: ["2026-12-24", "2025-01-01", "2027-12-24"] });
  expect(copyToNextYear(["2028-02-29"])).toBeUndefined();
  expect(
    copyToNextYear(Array.from({ length: 60 }, (_, i) => `2026-${i < 30 ? "01" : "03"}-${String((i % 30) + 1).padStart(2, "0")}`)),
  ).toBeUndefined();
});
