import { describe, expect, test } from "vitest";
import { type ContextValues, nodeContext } from "#test/node-context.ts";
import { delay } from "./definition.ts";
import { delayMoments } from "./moments.ts";

type More = Omit<ContextValues<unknown>, "config" | "contact"> & { zone?: string | null; metadata?: Record<string, unknown> };

function ask(config: Record<string, unknown>, { zone, metadata, ...more }: More = {}) {
  const contact = { time_zone: zone ?? null, metadata: metadata ?? {} };
  return delayMoments(nodeContext({ ...more, config: delay.config.parse(config), contact }) as never);
}
const goesOn = (found: ReturnType<typeof ask>) => found.moments.map((moment) => moment.goesOn.toISOString());

const weekdayNine = { mode: "until_time", time: "09:00", weekdays: [1, 2, 3, 4, 5] };

describe("the next three moments of a delay", () => {
  // From the Thursday before clocks change in the night to Sunday: Friday by the old clock, Monday and Tuesday by the new one.
  test.each([
    ["Europe/Berlin", "2026-03-26T12:00:00Z", ["2026-03-27T08:00:00.000Z", "2026-03-30T07:00:00.000Z", "2026-03-31T07:00:00.000Z"]],
    ["America/New_York", "2026-10-29T15:00:00Z", ["2026-10-30T13:00:00.000Z", "2026-11-02T14:00:00.000Z", "2026-11-03T14:00:00.000Z"]],
    ["Australia/Lord_Howe", "2026-04-02T12:00:00Z", ["2026-04-02T22:00:00.000Z", "2026-04-05T22:30:00.000Z", "2026-04-06T22:30:00.000Z"]],
  ])("are the next weekdays at 9:00 on the contact’s clock, also when it changes (%s)", (zone, now, moments) => {
    const found = ask(weekdayNine, { zone, now });
    expect([found.zone, found.zoneOf]).toEqual([zone, "contact"]);
    expect(goesOn(found)).toEqual(moments);
  });

  test("are by the workspace’s clock where it was chosen, or the contact’s is not known, and say so", () => {
    for (const [zone, whose] of [
      [null, "contact"],
      ["Mars/Olympus", "contact"],
      ["Asia/Tokyo", "workspace"],
    ] as const) {
      const found = ask({ ...weekdayNine, zone: whose }, { zone, now: "2026-03-26T12:00:00Z", workspaceZone: "Europe/Berlin" });
      expect([found.zone, found.zoneOf]).toEqual(["Europe/Berlin", "workspace"]);
      expect(goesOn(found)[0]).toBe("2026-03-27T08:00:00.000Z");
    }
  });

  test("of a length of time are those of contacts that come now, in a day and in two, without what is spread by chance", () => {
    const found = ask({ mode: "duration", amount: 2, unit: "hours", spreadSeconds: 3600 }, { now: "2026-11-22T12:00:00Z" });
    expect(goesOn(found)).toEqual(["2026-11-22T14:00:00.000Z", "2026-11-23T14:00:00.000Z", "2026-11-24T14:00:00.000Z"]);
    // From Friday on: Monday, and from Saturday and Sunday Monday too.
    const business = ask({ mode: "duration", amount: 1, unit: "business_days" }, { now: "2026-11-20T12:00:00Z" });
    expect(goesOn(business)).toEqual(["2026-11-23T12:00:00.000Z", "2026-11-23T12:00:00.000Z", "2026-11-23T12:00:00.000Z"]);
  });

  test("of a date are that one, and then by what way those leave for whom it has passed", () => {
    const date = { mode: "until_date", field: "metadata.renewal", offset: { amount: -1, unit: "days" }, time: "10:00" };
    const more = { metadata: { renewal: "2026-12-01" }, now: "2026-11-22T12:00:00Z" };
    const found = ask(date, more);
    expect(found.moments.map(({ goesOn, exit }) => [goesOn.toISOString(), exit])).toEqual([
      ["2026-11-30T10:00:00.000Z", "next"],
      ["2026-11-30T10:00:00.000Z", "past"],
    ]);
    expect(ask(date, { now: more.now }).moments).toMatchObject([{ exit: "past" }]);
    expect(ask({ ...date, past: "go_on" }, { now: more.now }).moments).toMatchObject([{ exit: "next", goesOn: new Date(more.now) }]);
    const yearly = ask({ ...date, yearly: true }, { ...more, metadata: { renewal: "1990-12-01" } });
    expect(goesOn(yearly)).toEqual(["2026-11-30T10:00:00.000Z", "2027-11-30T10:00:00.000Z", "2028-11-30T10:00:00.000Z"]);
  });

  test("of a date that cannot be read are none, with the reason", () => {
    const found = ask({ mode: "until_date", field: "metadata.renewal" }, { metadata: { renewal: "soon" } });
    expect(found.moments).toMatchObject([{ exit: "date_unreadable", problem: expect.stringContaining("cannot be read as a date") }]);
  });
});
