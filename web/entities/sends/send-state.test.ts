import { describe, expect, it } from "vitest";
import { buildSend } from "#test/build-history.ts";
import { beginsWords, isScheduled, pressedWords, sendBadge } from "./send-state.ts";

const zone = "America/Chicago";
// Monday, 9:00 in Chicago.
const now = Date.parse("2026-11-30T15:00:00Z");
const drip = { count: 10, everySeconds: 600, days: [1, 2, 3, 4, 5, 6, 7], hours: { from: "11:00", to: "17:00" } };
const inTwoHours = "2026-11-30T17:00:00.000Z";

describe("a send that has not begun", () => {
  it("is a drip that waits for its first round", () => {
    const send = buildSend({ enrolled: 30, active: 30, drip, firstRoundAt: inTwoHours, nextAt: inTwoHours });
    expect(isScheduled(send, now, zone)).toBe(true);
    expect(sendBadge(send, now, zone)).toEqual({ status: "scheduled", label: "Scheduled" });
    expect(pressedWords(send, now, zone)).toBe("scheduled");
    expect(beginsWords(send, now, zone)).toBe("11:00 (Chicago)");
  });

  it("is no drip that waits for its next round, or whose first round is due", () => {
    const send = buildSend({ enrolled: 30, active: 30, drip, firstRoundAt: null, nextAt: inTwoHours });
    expect([isScheduled(send, now, zone), pressedWords(send, now, zone)]).toEqual([false, "sent"]);
    expect(isScheduled({ ...send, firstRoundAt: "2026-11-30T15:00:00.000Z" }, now, zone)).toBe(false);
  });

  it("is one that waits for its start", () => {
    const send = buildSend({ enrolled: 3, active: 3, start: { at: "2026-12-01T09:00", zone: "workspace" } });
    expect([isScheduled(send, now, zone), pressedWords(send, now, zone), beginsWords(send, now, zone)]).toEqual([
      true,
      "scheduled",
      "tomorrow 9:00 (Chicago)",
    ]);
  });
});

describe("a send through which nobody has gone", () => {
  const start = { at: "2026-12-01T09:00", zone: "workspace" } as const;

  it("is not told as done and sent", () => {
    const taken = buildSend({ state: "done", total: 3, enrolled: 3, cancelled: 3, reached: 0, start });
    expect(sendBadge(taken, now, zone)).toEqual({ status: "cancelled", label: "All cancelled" });
    expect(pressedWords(taken, now, zone)).toBe("scheduled");
    const nobody = buildSend({ state: "done", total: 3, notEnrolled: 3 });
    expect(sendBadge(nobody, now, zone)).toEqual({ status: "cancelled", label: "Nobody enrolled" });
    expect(pressedWords(nobody, now, zone)).toBe("created");
    expect(pressedWords({ ...taken, state: "undone", start: null }, now, zone)).toBe("created");
  });

  it("was sent all the same if a message had left before all were taken out", () => {
    const late = buildSend({ state: "done", total: 3, enrolled: 3, cancelled: 3, reached: 1 });
    expect([sendBadge(late, now, zone).label, pressedWords(late, now, zone)]).toEqual(["Done", "sent"]);
  });
});
