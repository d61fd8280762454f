import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Drip } from "#contract/sends.ts";
import { allow } from "#engine/base/drip-rounds.ts";
import { lastRound } from "./drip-forecast.ts";

const chicago = "America/Chicago";
const at = (text: string) => Date.parse(text);
const drip = (more: Partial<Drip>): Drip => ({ count: 100, everySeconds: 600, days: [1, 2, 3, 4, 5, 6, 7], ...more });

/** The rounds one by one, as the engine itself would open them for somebody who always comes at once. */
function engineSays(rule: Drip, total: number, from: number, zone: string): number {
  let now = from;
  let round: { at: number | null; used: number } = { at: null, used: 0 };
  for (let left = total; ; ) {
    const allowance = allow(rule, round, now, zone);
    if (!allowance.open) {
      now = allowance.nextAt;
      continue;
    }
    const taken = Math.min(left, allowance.count);
    left -= taken;
    round = { at: allowance.at, used: allowance.used + taken };
    if (left === 0) return now;
  }
}

describe("when the last of a drip begin", () => {
  it("is at once when one round takes all of them", () => {
    expect(lastRound({ drip: drip({}), total: 100, from: at("2026-12-01T10:00Z"), zone: chicago })).toBe(at("2026-12-01T10:00Z"));
  });

  it("waits for the day and the hour, and goes on the next day where the hours end", () => {
    const rule = drip({ days: [1, 2, 3, 4, 5], hours: { from: "09:00", to: "10:00" } });
    // Saturday: Monday 9:00 to 9:50 is six rounds, the seventh is on Tuesday at 9:00 (UTC-6).
    expect(lastRound({ drip: rule, total: 700, from: at("2026-11-28T12:00Z"), zone: chicago })).toBe(at("2026-12-01T15:00Z"));
  });

  it("is not told when it is years away", () => {
    const rule = drip({ count: 1, everySeconds: 86_400 * 7, days: [1], hours: { from: "09:00", to: "09:01" } });
    expect(lastRound({ drip: rule, total: 90_000, from: at("2026-11-28T12:00Z"), zone: chicago })).toBeNull();
  });

  it("is what the engine does, whatever the rule, the zone and the moment", () => {
    const clock = fc
      .record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.constantFrom(0, 15, 30) })
      .map(({ hour, minute }) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`);
    const rules = fc
      .record({
        count: fc.integer({ min: 1, max: 50 }),
        everySeconds: fc.constantFrom(60, 600, 3600, 5400, 86_400, 200_000),
        days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
        hours: fc.option(fc.record({ from: clock, to: clock }), { nil: undefined }),
      })
      .filter(({ hours }) => hours?.from !== hours?.to || hours === undefined);
    fc.assert(
      fc.property(
        rules,
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: at("2026-05-01T00:00Z"), max: at("2026-05-20T00:00Z") }),
        fc.constantFrom(chicago, "UTC", "Asia/Kolkata"),
        (rule, total, from, zone) => {
          expect(lastRound({ drip: rule, total, from, zone })).toBe(engineSays(rule, total, from, zone));
        },
      ),
      { numRuns: 50 },
    );
  });
});
