import { expect, test } from "vitest";
import { paceOfSender, SenderPaces, usualPartsPerSecond } from "./sender-paces.ts";

test.each([
  ["+15550001111", 1],
  ["+447400123456", 1],
  ["HARBOUR", 1],
  [`MG${"0".repeat(32)}`, 1],
  ["+18005550123", 3],
  ["+18885550123", 3],
  ["12345", 100],
])("a sender such as %s sends %i parts a second unless an owner says otherwise", (sender, usual) => {
  expect(usualPartsPerSecond(sender)).toBe(usual);
  expect(paceOfSender({}, sender)).toEqual({ partsPerSecond: usual, partsPerDay: null });
});

test.each([
  ["no parts a second", { "+15550001111": { partsPerSecond: 0 } }],
  ["half a part", { "+15550001111": { partsPerSecond: 0.5 } }],
  ["more than any sender takes", { "+15550001111": { partsPerSecond: 1_001 } }],
  ["a day without a part", { "+15550001111": { partsPerDay: 0 } }],
  ["something unknown", { "+15550001111": { perMinute: 5 } }],
  ["more senders than there can be", Object.fromEntries(Array.from({ length: 101 }, (_, n) => [String(n), {}]))],
])("a pace of %s is refused", (_, paces) => {
  expect(SenderPaces.safeParse(paces).success).toBe(false);
});

test("a pace that is set in part is as usual in the rest, and one of another sender counts for nobody else", () => {
  const paces = SenderPaces.parse({ "+18885550123": { partsPerDay: 2_000 }, "12345": { partsPerSecond: 20, partsPerDay: null } });
  expect(paceOfSender(paces, "+18885550123")).toEqual({ partsPerSecond: 3, partsPerDay: 2_000 });
  expect(paceOfSender(paces, "12345")).toEqual({ partsPerSecond: 20, partsPerDay: null });
  expect(paceOfSender(paces, "constructor")).toEqual({ partsPerSecond: 1, partsPerDay: null });
});
