import { describe, expect, test } from "vitest";
import { type CanarySeen, nothingSeen } from "#contract/send-canary.ts";
import { judgeCanary, type WatchedCanary } from "./judge-canary.ts";

const minute = 60_000;
const began = 1_000_000;
const good = { ...nothingSeen, begun: 25, sent: 25 };
const judge = (seen: Partial<CanarySeen>, more: Partial<WatchedCanary> = {}, now = began) =>
  judgeCanary(
    {
      ...{ few: 25, hasMessages: true, minutes: 15, failurePercent: 2, optOutPercent: 0.5, watchedSince: null },
      seen: { ...good, ...seen },
      ...more,
    },
    now,
  );

describe("what holds the rest, at once", () => {
  test.each([
    ["one of 25 failed, which is 4 %", { failed: 1 }, {}, [{ what: "failures", contacts: 1 }]],
    ["one of 25 opted out", { optedOut: 1 }, {}, [{ what: "opt_outs", contacts: 1 }]],
    ["one wrote a stop word", { maybeStop: 1 }, { optOutPercent: 50 }, [{ what: "stop_words", contacts: 1 }]],
    ["3 of 100 failed", { begun: 100, failed: 3 }, { few: 100 }, [{ what: "failures", contacts: 3 }]],
    ["6 of 1,000 opted out", { begun: 1_000, optedOut: 6 }, { few: 1_000 }, [{ what: "opt_outs", contacts: 6 }]],
    [
      "all of it, before all have begun",
      { begun: 3, failed: 2, optedOut: 1, maybeStop: 1 },
      {},
      [
        { what: "failures", contacts: 2 },
        { what: "opt_outs", contacts: 1 },
        { what: "stop_words", contacts: 1 },
      ],
    ],
  ])("%s", (_, seen, more, findings) => {
    expect(judge(seen, more)).toMatchObject({ decision: "hold", findings });
  });

  test("what is as much as may be holds nothing", () => {
    for (const [seen, few] of [
      [{ failed: 2, optedOut: 0 }, 100],
      [{ failed: 20, optedOut: 5 }, 1_000],
    ] as const)
      expect(judge({ begun: few, ...seen }, { few }).decision).toBe("wait");
    expect(judge({ failed: 1 }, { failurePercent: 4 }).decision).toBe("wait");
  });
});

describe("when the time begins", () => {
  test.each([
    ["not all have begun", { begun: 24 }, {}],
    ["one stands at a message that has not left", { sent: 24, waiting: 1 }, {}],
    ["none has come to a message", { sent: 0 }, {}],
  ])("not while %s", (_, seen, more) => {
    expect(judge(seen, more)).toMatchObject({ decision: "wait", watchedSince: null });
  });

  test.each([
    ["all have begun and one message has left", { sent: 1 }, {}],
    ["all were skipped", { sent: 0, skipped: 25 }, {}],
    ["all have ended without a message", { sent: 0, ended: 25 }, {}],
    ["the flow sends nothing", { sent: 0 }, { hasMessages: false }],
  ])("when %s", (_, seen, more) => {
    expect(judge(seen, more)).toMatchObject({ decision: "wait", watchedSince: began });
  });

  test("it does not begin anew", () => {
    expect(judge({ waiting: 3 }, { watchedSince: began }, began + minute).watchedSince).toBe(began);
  });
});

describe("when the time is over", () => {
  const watched = { watchedSince: began };
  test("the rest follows, and not a moment before", () => {
    expect(judge({}, watched, began + 15 * minute - 1).decision).toBe("wait");
    expect(judge({}, watched, began + 15 * minute).decision).toBe("open");
  });
  test("it is held where nothing has left for any of them, unless the flow sends nothing", () => {
    const late = began + 15 * minute;
    expect(judge({ sent: 0, skipped: 25 }, watched, late)).toMatchObject({
      decision: "hold",
      findings: [{ what: "nothing_sent", contacts: 25 }],
    });
    expect(judge({ sent: 0, ended: 25 }, { ...watched, hasMessages: false }, late).decision).toBe("open");
  });
});
