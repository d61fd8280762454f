import { describe, expect, test } from "vitest";
import { nodeContext } from "#test/node-context.ts";
import { timeWindow } from "./definition.ts";
import { timeWindowMoments } from "./moments.ts";

/** The hours in which it is open, from when somebody is let through who comes now. */
function ask(config: Record<string, unknown>, now: string, zone: string | null = null) {
  const parsed = timeWindow.config.parse({ days: [1, 2, 3, 4, 5], from: "09:00", to: "17:00", ...config });
  const found = timeWindowMoments(nodeContext({ config: parsed, now, contact: { time_zone: zone } }) as never);
  return found.moments.map(({ goesOn, closes }) => `${short(goesOn)} to ${closes ? short(closes) : "ever"}`);
}
const short = (at: Date) => at.toISOString().slice(5, 16);

describe("the next times at which a window is open", () => {
  // The Friday and the Monday around a change of the clocks in the night to Sunday.
  test.each([
    ["Europe/Berlin", "2026-03-27T07:00:00Z", ["03-27T08:00 to 03-27T16:00", "03-30T07:00 to 03-30T15:00", "03-31T07:00 to 03-31T15:00"]],
    [
      "America/New_York",
      "2026-10-30T12:00:00Z",
      ["10-30T13:00 to 10-30T21:00", "11-02T14:00 to 11-02T22:00", "11-03T14:00 to 11-03T22:00"],
    ],
    [
      "Australia/Lord_Howe",
      "2026-04-02T21:00:00Z",
      ["04-02T22:00 to 04-03T06:00", "04-05T22:30 to 04-06T06:30", "04-06T22:30 to 04-07T06:30"],
    ],
  ])("are right on the contact’s clock when it changes (%s)", (zone, now, moments) => {
    expect(ask({}, now, zone)).toEqual(moments);
  });

  test("begin now where it is open, also for those who would be dropped, and leave holidays out", () => {
    expect(ask({ outside: "drop", holidays: ["2026-11-24"] }, "2026-11-23T12:00:00Z")).toEqual([
      "11-23T12:00 to 11-23T17:00",
      "11-25T09:00 to 11-25T17:00",
      "11-26T09:00 to 11-26T17:00",
    ]);
  });

  test("go through where one day follows on the other, and for ever where it never closes", () => {
    expect(ask({ days: [6, 7], from: "00:00", to: "24:00" }, "2026-11-25T12:00:00Z")).toEqual([
      "11-28T00:00 to 11-30T00:00",
      "12-05T00:00 to 12-07T00:00",
      "12-12T00:00 to 12-14T00:00",
    ]);
    expect(ask({ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "24:00" }, "2026-11-25T12:00:00Z")).toEqual(["11-25T12:00 to ever"]);
    expect(ask({ days: [5], from: "22:00", to: "06:00" }, "2026-11-21T05:00:00Z")).toEqual([
      "11-21T05:00 to 11-21T06:00",
      "11-27T22:00 to 11-28T06:00",
      "12-04T22:00 to 12-05T06:00",
    ]);
  });
});
