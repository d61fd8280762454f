import { expect, test } from "vitest";
import { defaultWorkSizes, divideSend } from "./work-sizes.ts";

test.each([
  [1, { chunkSize: 64, lanes: 1 }],
  [25, { chunkSize: 64, lanes: 1 }],
  [100, { chunkSize: 64, lanes: 2 }],
  [500, { chunkSize: 64, lanes: 8 }],
  [3_000, { chunkSize: 64, lanes: 16 }],
  [8_000, { chunkSize: 167, lanes: 16 }],
  [100_000, { chunkSize: 500, lanes: 16 }],
  [1_000_000, { chunkSize: 500, lanes: 16 }],
])("a send of %i contacts is divided among the turns of several workers", (expected, division) => {
  expect(divideSend(defaultWorkSizes, { expected, workers: 2 })).toEqual(division);
});

test.each([
  [1, { chunkSize: 500, lanes: 1 }],
  [500, { chunkSize: 500, lanes: 1 }],
  [3_000, { chunkSize: 500, lanes: 6 }],
  [100_000, { chunkSize: 500, lanes: 16 }],
])("one worker takes a send of %i contacts in the largest chunks", (expected, division) => {
  expect(divideSend(defaultWorkSizes, { expected, workers: 1 })).toEqual(division);
});
