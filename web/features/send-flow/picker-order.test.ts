import { expect, test } from "vitest";
import { summary } from "#test/build-flow.ts";
import { pickerOrder } from "./picker-order.ts";

const names = (flows: readonly { name: string }[]) => flows.map(({ name }) => name);
const day = (n: number) => `2026-05-0${n}T09:00:00Z`;
const flows = [
  summary(1, "Alpha", { lastSentAt: day(1) }),
  summary(2, "Beta", { favourite: true, lastSentAt: day(9) }),
  summary(3, "Gamma", { openedAt: day(4) }),
  summary(4, "Delta", { lastSentAt: day(2), openedAt: day(5) }),
  summary(5, "Epsilon", { lastSentAt: day(3) }),
  summary(6, "Zeta", { canStart: false, openedAt: day(8) }),
  summary(7, "Eta", { favourite: true, canStart: false }),
];

test("favourites come first, then the three that were last sent or opened, then all others by name, each flow once", () => {
  const { favourites, recent, others } = pickerOrder(flows);
  expect(names(favourites)).toEqual(["Beta", "Eta"]);
  expect(names(recent)).toEqual(["Delta", "Gamma", "Epsilon"]);
  expect(names(others)).toEqual(["Alpha", "Zeta"]);
});

test("a short list is in the order of names alone", () => {
  const { favourites, recent, others } = pickerOrder(flows.slice(0, 5));
  expect([favourites, recent]).toEqual([[], []]);
  expect(names(others)).toEqual(["Alpha", "Beta", "Delta", "Epsilon", "Gamma"]);
});
