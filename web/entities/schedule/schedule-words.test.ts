import { describe, expect, it, vi } from "vitest";
import type { Drip } from "#contract/sends.ts";
import { draftOf, newDraft, readDraft, type ScheduleDraft } from "./schedule-draft.ts";
import { dripWords, isBeforeStart, isStartAhead, scheduleSentence, scheduleSummary } from "./schedule-words.ts";

const zone = "America/Chicago";
// Monday, 9:00 in Chicago.
const now = Date.parse("2026-11-30T15:00:00Z");
const drip = (more: Partial<Drip> = {}): Drip => ({ count: 120, everySeconds: 600, days: [1, 2, 3, 4, 5, 6, 7], ...more });
const office = drip({ days: [1, 2, 3, 4, 5], hours: { from: "09:00", to: "17:00" } });
const draft = (more: Partial<ScheduleDraft>) => readDraft({ ...newDraft(now, zone), ...more }, now, zone);

describe("a schedule that cannot be", () => {
  it.each([
    [{ start: "at", at: "" }, { at: "Choose a day and a time" }],
    [{ start: "at", at: "2026-11-30T08:59" }, { at: "This time has passed" }],
    [{ pace: "drip", count: null }, { count: "Needed" }],
    [{ pace: "drip", count: 0 }, { count: "A whole number from 1 to 100,000" }],
    [{ pace: "drip", every: 1, unit: "second" }, { every: "From 10 seconds to 7 days, in whole numbers" }],
    [{ pace: "drip", every: 8, unit: "day" }, { every: "From 10 seconds to 7 days, in whole numbers" }],
    [{ pace: "drip", days: [] }, { days: "Choose at least one" }],
    [{ pace: "drip", hours: "some", from: "09:00", to: "09:00" }, { to: "Must differ from the first" }],
    [{ pace: "drip", hours: "some", from: "", to: "09:00" }, { from: "Choose a time" }],
  ] as const)("%j says what is wrong at its field", (more, problems) => {
    expect(draft(more as Partial<ScheduleDraft>)).toEqual({ schedule: null, problems });
  });

  it("is a drip on each contact's own clock", () => {
    const read = draft({ start: "at", zone: "contact", pace: "drip" });
    expect(read.problems?.pace).toContain("workspace’s time zone");
  });

  it("is still a time that has passed here, while it is to come for contacts further west", () => {
    expect(draft({ start: "at", at: "2026-11-30T08:59", zone: "contact" }).problems).toBeNull();
  });
});

describe("a schedule in words", () => {
  it("says how many, how often, when, and when the last have begun", () => {
    expect(dripWords(office, zone)).toBe("120 contacts every 10 minutes, Mon–Fri 9:00–17:00 (Chicago)");
    expect(scheduleSentence({ start: null, drip: office }, { total: 2160, now, zone })).toBe(
      "120 contacts every 10 minutes, Mon–Fri 9:00–17:00 (Chicago). All 2,160 contacts have begun in about 3 h (11:50).",
    );
    expect(scheduleSentence({ start: null, drip: drip() }, { total: 100, now, zone })).toBe(
      "120 contacts every 10 minutes. All 100 contacts begin in the first round.",
    );
    expect(scheduleSentence({ start: null, drip: null }, { total: 100, now, zone, fewFirst: true })).toBe(
      "100 contacts, a few first and the others when these went well, as soon as you send.",
    );
    expect(dripWords(drip({ everySeconds: 3600, count: 1, days: [7, 1, 3] }), zone)).toBe("1 contact every hour, Mon, Wed, Sun (Chicago)");
  });

  it("tells hours on the clock of every other time", () => {
    const night = drip({ days: [7], hours: { from: "23:00", to: "01:00" } });
    expect(dripWords(night, zone)).toBe("120 contacts every 10 minutes, Sun 23:00–1:00 (Chicago)");
    vi.stubGlobal("navigator", { languages: ["en-US"] });
    const words = dripWords(night, zone).replaceAll("\u202f", " ");
    vi.unstubAllGlobals();
    expect(words).toBe("120 contacts every 10 minutes, Sun 11:00 PM–1:00 AM (Chicago)");
  });

  it("says whose clock a start is read on", () => {
    const at = "2026-12-01T09:00";
    const words = (of: "workspace" | "contact") => scheduleSentence({ start: { at, zone: of }, drip: null }, { total: 3, now, zone });
    expect(words("workspace")).toBe("3 contacts, all at once: tomorrow 9:00 (Chicago).");
    expect(words("contact")).toBe(
      "3 contacts, all at once: tomorrow 9:00 in each contact’s own time zone. Where a contact’s zone is not known, Chicago time counts.",
    );
    expect(scheduleSummary({ start: { at, zone: "workspace" }, drip: drip() }, now, zone)).toBe(
      "Tomorrow 9:00 (Chicago), 120 contacts every 10 minutes",
    );
    expect(scheduleSummary({ start: null, drip: null }, now, zone)).toBe("Now, everybody at once");
  });

  it("counts a drip from the start it waits for", () => {
    const start = { at: "2026-12-01T09:00", zone: "workspace" } as const;
    expect(scheduleSentence({ start, drip: drip() }, { total: 240, now, zone })).toBe(
      "From tomorrow 9:00 (Chicago) on, 120 contacts every 10 minutes. All 240 contacts have begun in about 24 h (tomorrow 9:10).",
    );
  });

  it("is the same after it was put into the fields and read again", () => {
    for (const schedule of [
      { start: null, drip: null },
      { start: { at: "2026-12-01T09:00", zone: "contact" as const }, drip: null },
      { start: { at: "2026-12-01T09:00", zone: "workspace" as const }, drip: office },
      { start: null, drip: drip({ everySeconds: 45 }) },
    ]) {
      expect(readDraft(draftOf(schedule, now, zone), now, zone).schedule).toEqual(schedule);
    }
  });

  it("knows that nobody has begun only when the time has come nowhere", () => {
    const start = (at: string, of: "workspace" | "contact") => isBeforeStart({ at, zone: of }, now, zone);
    expect(start("2026-11-30T09:01", "workspace")).toBe(true);
    expect(start("2026-11-30T09:00", "workspace")).toBe(false);
    // It is 5:00 on the 1st in Kiritimati.
    expect(start("2026-12-01T06:00", "contact")).toBe(true);
    expect(start("2026-12-01T04:00", "contact")).toBe(false);
    expect(isBeforeStart(null, now, zone)).toBe(false);
  });

  it("knows that somebody may still wait until the time has come everywhere", () => {
    const ahead = (at: string, of: "workspace" | "contact") => isStartAhead({ at, zone: of }, now, zone);
    expect([ahead("2026-11-30T09:01", "workspace"), ahead("2026-11-30T09:00", "workspace")]).toEqual([true, false]);
    // It is 3:00 where the day begins last.
    expect([ahead("2026-11-30T04:00", "contact"), ahead("2026-11-30T03:00", "contact")]).toEqual([true, false]);
    expect(isStartAhead(null, now, zone)).toBe(false);
  });
});
