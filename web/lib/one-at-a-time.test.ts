import { expect, test } from "vitest";
import { oneAtATime } from "./one-at-a-time.ts";

/** Work that goes on until it is let go. */
function work() {
  const under: (() => void)[] = [];
  let begun = 0;
  const act = () => {
    begun += 1;
    return new Promise<void>((resolve) => under.push(resolve));
  };
  const finish = async () => {
    under.shift()?.();
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  return { act, finish, begun: () => begun, under: () => under.length };
}

test("what is asked for ten times while it is done is done once more, and never twice at a time", async () => {
  const one = work();
  const ask = oneAtATime(one.act);
  ask();
  for (let times = 0; times < 10; times += 1) ask();
  expect([one.begun(), one.under()]).toEqual([1, 1]);
  await one.finish();
  expect([one.begun(), one.under()]).toEqual([2, 1]);
  await one.finish();
  expect([one.begun(), one.under()]).toEqual([2, 0]);
  ask();
  expect(one.begun()).toBe(3);
  await one.finish();
});

test("one that fails keeps nobody from the next", async () => {
  let times = 0;
  const ask = oneAtATime(async () => {
    times += 1;
    throw new Error("away");
  });
  ask();
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
  ask();
  expect(times).toBe(2);
});
