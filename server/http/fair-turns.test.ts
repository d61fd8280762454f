import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createFairTurns } from "./fair-turns.ts";

function recorded() {
  const begun: string[] = [];
  const turns = createFairTurns();
  return { begun, turns, ask: (group: string, name = group) => turns(group, () => void begun.push(name)) };
}

test("what comes alone is begun at once", async () => {
  const { ask, begun } = recorded();
  for (let number = 1; number <= 5; number += 1) {
    ask("a");
    expect(begun).toHaveLength(number);
    await nextTurn();
  }
});

test("of a thousand that come in one moment one is begun in a turn, and whoever comes later waits for one of each group", async () => {
  const { ask, begun } = recorded();
  for (let number = 0; number < 500; number += 1) for (const group of ["a", "b"]) ask(group);
  expect(begun).toEqual(["a"]);
  ask("later");
  ask("later", "second");
  await expect.poll(() => begun.length).toBe(1_002);
  expect([begun.indexOf("later"), begun.indexOf("second")]).toEqual([3, 6]);
});

test("other things of the loop have their turn between", async () => {
  const { ask, begun } = recorded();
  for (let number = 0; number < 50; number += 1) ask("a");
  const seen: number[] = [];
  while (begun.length < 50) {
    seen.push(begun.length);
    await nextTurn();
  }
  expect(seen.length).toBeGreaterThanOrEqual(49);
});

test("what is asked for while something is begun waits for a turn of its own", async () => {
  const { ask, turns, begun } = recorded();
  turns("a", () => {
    begun.push("a");
    ask("a", "more");
  });
  ask("b");
  await expect.poll(() => begun).toEqual(["a", "more", "b"]);
});

test("what throws keeps nobody waiting for ever", async () => {
  const { ask, turns, begun } = recorded();
  const fails = () => {
    throw new Error("no");
  };
  expect(() => turns("a", fails)).toThrow("no");
  ask("b");
  await expect.poll(() => begun).toEqual(["b"]);
});
