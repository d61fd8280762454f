import { expect, test } from "vitest";
import { equalPercents, percentSum } from "./share-sums.ts";

test("equal shares add up to 100 to the hundredth, however many there are", () => {
  for (let count = 2; count <= 10; count += 1) expect(percentSum(equalPercents(count)), String(count)).toBe(100);
  expect(equalPercents(3)).toEqual([33.34, 33.33, 33.33]);
  expect(percentSum([33.3, 33.3, 33.3])).toBe(99.9);
});
