import { describe, expect, test } from "vitest";
import { CanaryRequest, CanaryRules } from "./canary.ts";
import { heldWords } from "./canary-words.ts";
import { fewOf } from "./send-canary.ts";
import { readSendingRules } from "./sending-rules.ts";

test.each([
  { contacts: 0 },
  { contacts: 1.5 },
  { contacts: 1_001 },
  { percent: 0 },
  { percent: 21 },
  { minutes: 0 },
  { minutes: 1_441 },
  { contacts: 5, percent: 1 },
  { failurePercent: 50 },
])("%j is no canary", (body) => {
  expect(CanaryRequest.safeParse(body).success).toBe(false);
});

test("rules that were stored before there was a canary have the usual one", () => {
  expect(readSendingRules({ smsConsent: "needed" })).toMatchObject({ smsConsent: "needed", canary: CanaryRules.parse({}) });
});

test.each([
  [{ contacts: 25, percent: null }, 1_000, 25],
  [{ contacts: 25, percent: null }, 10, 10],
  [{ contacts: null, percent: 1 }, 3_401, 35],
  [{ contacts: null, percent: 1 }, 5, 1],
  [{ contacts: null, percent: 0.1 }, 1_000_000, 1_000],
  [{ contacts: 25, percent: null }, 0, 0],
])("%j of %i are %i", (terms, all, few) => {
  expect(fewOf(terms, all)).toBe(few);
});

describe("why the rest is held", () => {
  const limits = { failurePercent: 2, optOutPercent: 0.5 };
  test("is said with figures, of each finding", () => {
    expect(
      heldWords({
        ...limits,
        few: 25,
        heldFor: [
          { what: "failures", contacts: 1 },
          { what: "opt_outs", contacts: 2 },
          { what: "stop_words", contacts: 1 },
          { what: "nothing_sent", contacts: 25 },
        ],
      }),
    ).toEqual([
      "1 of the first 25 failed: 4 %, where at most 2 % may.",
      "2 of the first 25 opted out: 8 %, where at most 0.5 % may.",
      "1 of the first 25 wrote what may mean that they want no more messages.",
      "No message has left for any of the first 25, so there is nothing to judge by.",
    ]);
  });
  test("of one contact names that one", () => {
    expect(heldWords({ ...limits, few: 1, heldFor: [{ what: "failures", contacts: 1 }] })).toEqual([
      "The first contact failed: 100 %, where at most 2 % may.",
    ]);
  });
});
