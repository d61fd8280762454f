import { describe, expect, it, vi } from "vitest";
import {
  formatCount,
  formatDuration,
  formatExact,
  formatPercent,
  formatRelative,
  formatTimeOfDay,
  isolated,
  momentWords,
  namesIsolated,
  plural,
} from "./format.ts";

describe("a name in a sentence", () => {
  it("is set apart where it is written from right to left, and else stays as it is", () => {
    expect(isolated("Wait 2 days")).toBe("Wait 2 days");
    expect(isolated("Grüße 🎉 日本")).toBe("Grüße 🎉 日本");
    expect(isolated("رسالة 2 days")).toBe("\u2068رسالة 2 days\u2069");
    expect(isolated("שלום")).toBe("\u2068שלום\u2069");
    expect(namesIsolated("“שלום” and “Wait” are 2, “\u2068שלום\u2069” is one")).toBe(
      "“\u2068שלום\u2069” and “Wait” are 2, “\u2068שלום\u2069” is one",
    );
  });
});

describe("numbers", () => {
  it("have separators and the right word", () => {
    expect(formatCount(1234567)).toBe("1,234,567");
    expect(plural(1, "contact")).toBe("1 contact");
    expect(plural(0, "contact")).toBe("0 contacts");
    expect(plural(3012, "contact")).toBe("3,012 contacts");
    expect(plural(2, "person", "people")).toBe("2 people");
  });

  it("never say all or nothing before it is so", () => {
    expect(formatPercent(99_999, 100_000)).toBe("99%");
    expect(formatPercent(1, 100_000)).toBe("1%");
    expect(formatPercent(100_000, 100_000)).toBe("100%");
    expect(formatPercent(0, 100)).toBe("0%");
    expect(formatPercent(0, 0)).toBe("0%");
  });
});

describe("durations", () => {
  it.each([
    [0, "0 ms"],
    [340, "340 ms"],
    [1500, "1.5 s"],
    [2000, "2 s"],
    [59_400, "59 s"],
    [245_000, "4 min 5 s"],
    [3_600_000, "1 h"],
    [12_000_000, "3 h 20 min"],
    [86_400_000, "1 day"],
    [187_200_000, "2 days 4 h"],
  ])("%i ms is %s", (milliseconds, told) => expect(formatDuration(milliseconds)).toBe(told));
});

describe("times", () => {
  const now = new Date("2026-05-10T15:00:00Z");
  it.each([
    ["2026-05-10T14:59:30Z", "just now"],
    ["2026-05-10T15:00:20Z", "in a moment"],
    ["2026-05-10T14:55:00Z", "5 min ago"],
    ["2026-05-10T15:20:00Z", "in 20 min"],
    ["2026-05-10T07:00:00Z", "8 h ago"],
    ["2026-05-09T14:05:00Z", "yesterday 9:05"],
    ["2026-05-11T14:00:00Z", "tomorrow 9:00"],
    ["2026-05-03T15:00:00Z", "3 May"],
    ["2024-05-03T15:00:00Z", "3 May 2024"],
  ])("%s is %s in Chicago", (at, told) => expect(formatRelative(at, now, "America/Chicago")).toBe(told));

  it("go by the calendar of the zone, not by 24 hours", () => {
    // 04:30 UTC is still the evening before in Chicago.
    expect(formatRelative("2026-05-10T04:30:00Z", now, "America/Chicago")).toBe("yesterday 23:30");
    expect(formatRelative("2026-05-10T04:30:00Z", now, "UTC")).toBe("11 h ago");
  });

  it("follow the kind of English that the browser prefers, and are day before month for every other language", () => {
    const inLanguages = (...languages: string[]) => {
      vi.stubGlobal("navigator", { languages });
      return [
        formatExact("2026-05-03T14:00:12Z", "America/Chicago"),
        formatRelative("2026-05-09T14:05:00Z", now, "America/Chicago"),
        momentWords("2026-05-03T22:00:00Z", now.getTime(), "America/Chicago"),
        ...["23:00", "09:05", "24:00"].map(formatTimeOfDay),
      ];
    };
    expect(inLanguages("en-US", "en").map((text) => text.replaceAll("\u202f", " "))).toEqual([
      "May 3, 2026, 9:00:12 AM (Chicago)",
      "yesterday 9:05 AM",
      "May 3 5:00 PM",
      "11:00 PM",
      "9:05 AM",
      "midnight",
    ]);
    expect(inLanguages("de-AT", "de")).toEqual([
      "3 May 2026, 9:00:12 (Chicago)",
      "yesterday 9:05",
      "3 May 17:00",
      "23:00",
      "9:05",
      "midnight",
    ]);
    expect(inLanguages("en-GB")).toEqual(inLanguages("fr"));
    vi.unstubAllGlobals();
  });

  it("are exact only with their place", () => {
    expect(formatExact("2026-05-03T14:00:12Z", "America/Chicago")).toBe("3 May 2026, 9:00:12 (Chicago)");
    expect(formatExact("2026-05-03T14:00:12Z", "America/Argentina/Buenos_Aires")).toBe("3 May 2026, 11:00:12 (Buenos Aires)");
  });
});
