import { describe, expect, test } from "vitest";
import { type Look, scanFiltered } from "./filtered-scan.ts";
import type { Place } from "./newest-first.ts";

const idOf = (at: number) => `00000000-0000-7000-8000-${String(at).padStart(12, "0")}`;

/** A list of `length` rows, newest first at position `length`, of which those in `hits` match. */
function listOf(length: number, hits: number[], { slow = 0 } = {}) {
  const looks: number[] = [];
  const look = async (place: Place | undefined, wanted: number, stretch: number): Promise<Look> => {
    const from = place?.at ?? length + 1;
    const positions = Array.from({ length }, (_, index) => length - index)
      .filter((at) => at < from)
      .slice(0, stretch);
    looks.push(positions.length);
    await new Promise((resolve) => setTimeout(resolve, slow));
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
  return { look, looks };
}

describe("looking through a list", () => {
  test("ends with nothing where nothing matches, and says that this was all", async () => {
    const { look } = listOf(25, []);
    expect(await scanFiltered({ place: undefined, wanted: 3, longest: 10 }, look)).toEqual({ ids: [], resumeAt: undefined });
  });

  test("stops at a full page without looking further", async () => {
    const { look, looks } = listOf(100, [99, 98, 95, 40]);
    expect(await scanFiltered({ place: undefined, wanted: 3, longest: 10 }, look)).toEqual({
      ids: [99, 98, 95].map(idOf),
      resumeAt: undefined,
    });
    expect(looks).toEqual([10]);
  });

  test("gathers a page from several stretches, each row once and in order", async () => {
    const { look } = listOf(50, [50, 33, 12, 2]);
    const { ids } = await scanFiltered({ place: undefined, wanted: 10, longest: 10 }, look);
    expect(ids).toEqual([50, 33, 12, 2].map(idOf));
  });

  test("ends a list whose length is a multiple of the stretch", async () => {
    const { look } = listOf(20, [1]);
    expect(await scanFiltered({ place: undefined, wanted: 5, longest: 10 }, look)).toEqual({ ids: [idOf(1)], resumeAt: undefined });
  });

  test("looks at no more than the time left is enough for", async () => {
    const { look, looks } = listOf(20_000, [1], { slow: 70 });
    await scanFiltered({ place: undefined, wanted: 3, longest: 12_500 }, look);
    expect(looks).toEqual([500, 500]);
  });

  test("looks at little first, then at more: most filters match most rows", async () => {
    const { look, looks } = listOf(8000, [7900, 1]);
    await scanFiltered({ place: undefined, wanted: 3, longest: 3000 }, look);
    expect(looks).toEqual([500, 2500, 3000, 2000]);
  });

  test("comes back short rather than late, and the next request goes on exactly there", async () => {
    const { look } = listOf(60, [60, 5], { slow: 50 });
    const found: string[] = [];
    let place: Place | undefined;
    let requests = 0;
    do {
      const began = performance.now();
      const { ids, resumeAt } = await scanFiltered({ place, wanted: 10, longest: 10 }, look);
      expect(performance.now() - began).toBeLessThan(400);
      found.push(...ids);
      place = resumeAt;
      requests += 1;
    } while (place);
    expect(found).toEqual([idOf(60), idOf(5)]);
    expect(requests).toBeGreaterThan(1);
  });
});
