import { expect, test } from "vitest";
import { nothingSeen, type SendCanary } from "#contract/send-canary.ts";
import type { Send } from "#contract/sends.ts";
import { buildSend } from "#test/build-history.ts";
import { nextRoundWords } from "./next-round-words.ts";

const zone = "Europe/Berlin";
const now = Date.parse("2027-03-27T14:50:00Z");
const drip = { count: 10, everySeconds: 600, days: [1, 2, 3, 4, 5, 6, 7], hours: { from: "09:00", to: "16:00" } };
const canary = (more: Partial<SendCanary> = {}): SendCanary => ({
  ...{ contacts: 25, percent: null, minutes: 15, failurePercent: 2, optOutPercent: 0.5, few: 25, fewBeginBy: "2027-03-27T14:40:00Z" },
  ...{ watchedSince: null, decidesAt: null, heldAt: null, heldFor: [], openedAt: null, openedBy: null, openedByName: null },
  ...{ version: 3, newerVersion: null },
  seen: { ...nothingSeen, begun: 25, sent: 25 },
  ...more,
});
const words = (more: Partial<SendCanary> | null, changes: Partial<Send> = {}, of = drip) =>
  nextRoundWords(buildSend({ state: "canary", drip: of, canary: more && canary(more), ...changes }), of, now, zone);

test("a round whose moment is known is told, and nothing is while one is under way", () => {
  expect(words(null, { nextAt: "2027-03-27T15:00:00Z" })).toMatch(/^Next round (16:00|4:00)/);
  expect(words({}, { nextAt: "2027-03-27T15:00:00Z", firstRoundAt: "2027-03-27T15:00:00Z" })).toMatch(/^First round/);
  expect(words(null)).toBe("");
  expect(words({ seen: { ...nothingSeen, begun: 20 } })).toBe("");
  expect(words({ openedAt: "2027-03-27T14:49:00Z" })).toBe("");
});

test("what waits for the first contacts says so: until somebody decides, until these are checked, or when it follows by itself", () => {
  expect(words({ heldAt: "2027-03-27T14:45:00Z", decidesAt: "2027-03-27T14:55:00Z" })).toBe(
    "The next round follows when somebody lets the rest go on.",
  );
  expect(words({})).toBe("The next round follows when the first contacts were checked.");
  expect(words({ decidesAt: "2027-03-27T14:55:00Z" })).toMatch(/^Next round .*(15:55|3:55).*, if the first went well\.$/);
});

test("the rest begins when the round of the last of the few is over, and in the hours of the drip, over a change of the clocks as well", () => {
  // Sixteen o'clock in Berlin has passed by then, so it is nine on the day on which the clocks were changed.
  expect(words({ decidesAt: "2027-03-27T15:05:00Z" })).toMatch(/tomorrow .*9:00/);
  const full = { ...drip, count: 25, everySeconds: 1_200, hours: undefined as unknown as { from: string; to: string } };
  expect(words({ decidesAt: "2027-03-27T14:55:00Z" }, {}, full)).toMatch(/(16:00|4:00)/);
});
