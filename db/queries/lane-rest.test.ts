import fc from "fast-check";
import { expect, test } from "vitest";
import { laneRest } from "./lane-rest.ts";

test("the lanes of a send have all of its executions before them at the beginning, and each once", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 0, max: 2_000 }),
      (chunkSize, lanes, enrolled) => {
        const shape = { chunkSize, lanes, enrolled };
        let all = 0;
        for (let lane = 0; lane < lanes; lane += 1) all += laneRest(lane * chunkSize, shape);
        expect(all).toBe(enrolled);
      },
    ),
  );
});

test("wherever a lane stands, it counts what lies before it", () => {
  fc.assert(
    fc.property(
      ...([
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 0, max: 450 }),
      ] as const),
      (chunkSize, lanes, enrolled, from) => {
        const mine = Math.floor(from / chunkSize) % lanes;
        let counted = 0;
        for (let seq = from; seq < enrolled; seq += 1) if (Math.floor(seq / chunkSize) % lanes === mine) counted += 1;
        expect(laneRest(from, { chunkSize, lanes, enrolled })).toBe(counted);
      },
    ),
  );
});
