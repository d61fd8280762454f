import { describe, expect, test } from "vitest";
import { findDistances, findRings, findUnreached } from "./graph-search.ts";

/** "a>b b>c" as the nodes that follow each node. */
const graph = (edges: string) => {
  const following = Map.groupBy(edges.split(" ").filter(Boolean), (edge) => edge.split(">")[0] as string);
  return (id: string) => (following.get(id) ?? []).map((edge) => edge.split(">")[1] as string);
};
const sorted = (rings: string[][]) => rings.map((ring) => ring.toSorted().join("")).sort();
const chain = Array.from({ length: 20_000 }, (_, index) => String(index));
const alongChain = (id: string) => (Number(id) + 1 < chain.length ? [String(Number(id) + 1)] : []);

describe("distances", () => {
  test("are those of the shortest way, and a start stands at zero even where a ring leads back to it", () => {
    expect([...findDistances(["a"], graph("a>b b>c a>c c>d d>a"))]).toEqual([
      ["a", 0],
      ["b", 1],
      ["c", 1],
      ["d", 2],
    ]);
  });

  test("count from the nearest of several starts, and from none there is nothing", () => {
    expect(findDistances(["a", "x"], graph("a>b b>c x>c")).get("c")).toBe(1);
    expect(findDistances([], graph("a>b")).size).toBe(0);
  });

  test("of a long chain are found without a deep stack", () => {
    expect(findDistances(["0"], alongChain).get("19999")).toBe(19_999);
  });
});

test("unreached is what no way from an entry leads to, in the order given", () => {
  expect(findUnreached(["a", "b", "c", "d"], ["a"], graph("a>b d>c c>d"))).toEqual(["c", "d"]);
  expect(findUnreached(["a"], ["a"], graph(""))).toEqual([]);
});

describe("rings", () => {
  test("are none in a graph whose branches only meet again", () => {
    expect(findRings(["a", "b", "c", "d"], graph("a>b a>c b>d c>d"))).toEqual([]);
  });

  test("are a node that leads to itself, and nodes that lead round to each other", () => {
    expect(sorted(findRings(["a", "b", "c", "d"], graph("a>a b>c c>d d>b c>a")))).toEqual(["a", "bcd"]);
  });

  test("that share a node are one", () => {
    expect(sorted(findRings(["a", "b", "c"], graph("a>b b>a b>c c>b")))).toEqual(["abc"]);
  });

  test("do not count edges to nodes outside", () => {
    expect(findRings(["a", "b"], graph("a>b b>x x>a"))).toEqual([]);
  });

  test("of a long chain are found without a deep stack", () => {
    expect(findRings(chain, alongChain)).toEqual([]);
    expect(findRings(chain, (id) => (id === "19999" ? ["0"] : alongChain(id)))[0]).toHaveLength(20_000);
  });
});
