import { expect, test } from "vitest";
import { createPlaces } from "./places.ts";

/** Each workspace is somebody else's. */
const of = (workspaceId: string, person = workspaceId) => ({ workspaceId, person });
const settled = async () => void (await new Promise((resolve) => setImmediate(resolve)));

test("two workspaces that ask again and again keep no third one out", async () => {
  const places = createPlaces({ atOnce: 2, waitMs: 60_000 });
  const order: string[] = [];
  const leave: (() => void)[] = [];
  const ask = (workspaceId: string) =>
    places.enter(of(workspaceId)).then((done) => {
      order.push(workspaceId);
      leave.push(done);
    });
  const all = [ask("a"), ask("b"), ...["a", "b", "a", "b", "a", "b"].map(ask), ask("c")];
  await settled();
  expect(order).toEqual(["a", "b"]);
  while (leave.length > 0) {
    leave.shift()?.();
    await settled();
  }
  await Promise.all(all);
  expect(order.indexOf("c")).toBe(2);
  expect(order.toSorted()).toEqual(["a", "a", "a", "a", "b", "b", "b", "b", "c"]);
});

test("a workspace has one place at a time, also where others are free", async () => {
  const places = createPlaces({ atOnce: 2, waitMs: 60_000 });
  const first = await places.enter(of("a"));
  let hasSecond = false;
  const second = places.enter(of("a")).then((leave) => {
    hasSecond = true;
    return leave;
  });
  await settled();
  expect(hasSecond).toBe(false);
  first();
  (await second)();
});

test("who finds no place in time is told so, and a place that was given up is not given to them", async () => {
  const places = createPlaces({ atOnce: 1, waitMs: 1 });
  const leave = await places.enter(of("a"));
  await expect(places.enter(of("b"))).rejects.toMatchObject({ code: "simulator_busy" });
  leave();
  leave();
  (await places.enter(of("c")))();
});

test("a person has one place at a time, however many workspaces they have, and their workspaces keep nobody out", async () => {
  const places = createPlaces({ atOnce: 2, waitMs: 60_000 });
  const order: string[] = [];
  const leave: (() => void)[] = [];
  const ask = (workspaceId: string, person = workspaceId) =>
    places.enter(of(workspaceId, person)).then((done) => {
      order.push(workspaceId);
      leave.push(done);
    });
  const all = [...Array.from({ length: 20 }, (_, index) => ask(`mine ${index}`, "hostile")), ask("a"), ask("b"), ask("c")];
  await settled();
  expect(order).toEqual(["mine 0", "a"]);
  while (leave.length > 0) {
    leave.shift()?.();
    await settled();
  }
  await Promise.all(all);
  expect(order.slice(0, 4).toSorted()).toEqual(["a", "b", "c", "mine 0"]);
});
