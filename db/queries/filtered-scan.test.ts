import { describe, expect, test } from "vitest";
import { type Look, scanFiltered } from "./filtered-scan.ts";
import type { Place } from "./newest-first.ts";

const idOf = (at: number) => `00000000-0000-7000-8000-${String(at).padStart(12, "0")}`;

/** A list of `length` rows, newest first at position `length`, of which those in `hits` match. Each look takes `slow` ms. */
function listOf(length: number, hits: number[], { slow = 0 } = {}) {
  const looks: number[] = [];
  let time = 0;
  const look = async (place: Place | undefined, wanted: number, stretch: number): Promise<Look> => {
    const from = place?.at ?? length + 1;
    const positions = Array.from({ length }, (_, index) => length - index)
      .filter((at) => at < from)
      .slice(0, stretch);
    looks.push(positions.length);
    time += slow;
    const last = positions.at(-1);
    return {
      ids: positions
        .filter((at) => hits.includes(at))
        .slice(0, wanted)
        .map(idOf),
      looked: positions.length,
      end: last === undefined ? undefined : { at: last, id: idOf(last) },
    };
  };
  return { look, looks, now: () => time };
}

describe("looking through a list", () => {
  test("ends with nothing where nothing matches, and says that this was all", async () => {
    const { look, now } = listOf(25, []);
    expect(await scanFiltered({ place: undefined, wanted: 3, longest: 10, now }, look)).toEqual({ ids: [], resumeAt: undefined });
  });

  test("stops at a full page without looking further", async () => {
    const { look, looks, now } = listOf(100, [99, 98, 95, 40]);
    expect(await scanFiltered({ place: undefined, wanted: 3, longest: 10, now }, look)).toEqual({
      ids: [99, 98, 95].map(idOf),
      resumeAt: undefined,
    });
    expect(looks).toEqual([10]);
  });

  test("gathers a page from several stretches, each row once and in order", async () => {
    const { look, now } = listOf(50, [50, 33, 12, 2]);
    const { ids } = await scanFiltered({ place: undefined, wanted: 10, longest: 10, now }, look);
    expect(ids).toEqual([50, 33, 12, 2].map(idOf));
  });

  test("ends a list whose length is a multiple of the stretch", async () => {
    const { look, now } = listOf(20, [1]);
    expect(await scanFiltered({ place: undefined, wanted: 5, longest: 10, now }, look)).toEqual({ ids: [idOf(1)], resumeAt: undefined });
  });

  test("looks at no more than the time left is enough for", async () => {
    const { look, looks, now } = listOf(20_000, [1], { slow: 70 });
    await scanFiltered({ place: undefined, wanted: 3, longest: 12_500, now }, look);
    expect(looks).toEqual([500, 500]);
  });

  test("looks at little first, then at more: most filters match most rows", async () => {
    const { look, looks, now } = listOf(8000, [7900, 1]);
    await scanFiltered({ place: undefined, wanted: 3, longest: 3000, now }, look);
    expect(looks).toEqual([500, 2500, 3000, 2000]);
  });

  test("comes back short rather than late, and the next request goes on exactly there", async () => {
    const { look, now } = listOf(60, [60, 5], { slow: 50 });
    const found: string[] = [];
    let place: Place | undefined;
    let requests = 0;
    do {
      const began = now();
      const { ids, resumeAt } = await scanFiltered({ place, wanted: 10, longest: 10, now }, look);
      expect(now() - began).toBeLessThan(200);
      found.push(...ids);
      place = resumeAt;
      requests += 1;
    } while (place);
    expect(found).toEqual([idOf(60), idOf(5)]);
    expect(requests).toBeGreaterThan(1);
  });
});
