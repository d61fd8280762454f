import type { Request } from "express";
import { describe, expect, test } from "vitest";
import type { Route } from "#contract/route.ts";
import { createCallerPlaces } from "./caller-places.ts";

const json = { kind: "json", waitsOutside: false, heavy: false } as Route;
const from = (authorization: string) =>
  ({ get: (name: string) => (name === "authorization" ? authorization : undefined), res: { locals: {} } }) as unknown as Request;

/** Requests that stay until they are told to go on, and how many of them are being answered. */
function held() {
  const gates: (() => void)[] = [];
  const act = () => new Promise<void>((resolve) => gates.push(resolve));
  const goOn = () => {
    for (const open of gates.splice(0)) open();
  };
  return { act, running: () => gates.length, goOn };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("the places of a caller", () => {
  test("are as many as there are: what is asked beyond them waits and is answered in its turn", async () => {
    const places = createCallerPlaces({ atOnce: 2 });
    const { act, running, goOn } = held();
    const answers = Promise.all(Array.from({ length: 5 }, () => places.answer(json, from("Bearer a"), act)));
    await settle();
    expect(running()).toBe(2);
    for (let turn = 0; turn < 3; turn += 1) {
      goOn();
      await settle();
    }
    await answers;
  });

  test("are eight, and two where the requests are heavy", async () => {
    for (const [heavy, most] of [
      [false, 8],
      [true, 2],
    ] as const) {
      const places = createCallerPlaces();
      const { act, running, goOn } = held();
      const answers = Array.from({ length: 12 }, () => places.answer({ ...json, heavy }, from("Bearer a"), act));
      await settle();
      expect(running()).toBe(most);
      for (let turn = 0; turn < 12 / most; turn += 1) {
        goOn();
        await settle();
      }
      await Promise.all(answers);
    }
  });

  test("are left to the next request where what follows takes no processor", async () => {
    const places = createCallerPlaces({ atOnce: 1 });
    const { act, running, goOn } = held();
    const answers = [1, 2, 3].map(() =>
      places.answer(json, from("Bearer a"), (place) => {
        place.leave();
        return act();
      }),
    );
    await settle();
    expect(running()).toBe(3);
    goOn();
    await Promise.all(answers);
  });

  test("are left while the caller itself is waited for, and taken again afterwards", async () => {
    const places = createCallerPlaces({ atOnce: 1 });
    const bodies = held();
    const work = held();
    const slow = [1, 2].map(() =>
      places.answer(json, from("Bearer a"), async (place) => {
        await place.without(bodies.act);
        await work.act();
      }),
    );
    let answered = false;
    const next = places.answer(json, from("Bearer a"), async () => {
      answered = true;
    });
    await settle();
    expect(answered, "a request behind two bodies that do not come").toBe(true);
    await next;
    bodies.goOn();
    await settle();
    expect(work.running()).toBe(1);
    work.goOn();
    await settle();
    work.goOn();
    await Promise.all(slow);
  });

  test("are free again where what the caller was to send does not come", async () => {
    const places = createCallerPlaces({ atOnce: 1 });
    const gone = () => Promise.reject(new Error("gone"));
    await expect(places.answer(json, from("Bearer a"), (place) => place.without(gone))).rejects.toThrow("gone");
    await expect(places.answer(json, from("Bearer a"), async () => "yes")).resolves.toBe("yes");
  });

  test("of heavy requests are others than those of the rest, so neither kind waits for the other", async () => {
    const places = createCallerPlaces({ atOnce: 3, heavy: 1 });
    const { act, running, goOn } = held();
    const asked: Partial<Route>[] = [{ heavy: true }, { heavy: "by_filter" }, { heavy: false }, { heavy: false }];
    const answers = asked.map((route) => places.answer({ ...json, ...route }, from("Bearer a"), act));
    await settle();
    expect(running()).toBe(3);
    goOn();
    await settle();
    goOn();
    await Promise.all(answers);
  });

  test("are each caller's own", async () => {
    const places = createCallerPlaces({ atOnce: 1 });
    const { act, running, goOn } = held();
    const answers = ["Bearer a", "Bearer a", "Bearer b"].map((caller) => places.answer(json, from(caller), act));
    await settle();
    expect(running()).toBe(2);
    goOn();
    await settle();
    goOn();
    await Promise.all(answers);
  });

  test("are given back where an answer fails", async () => {
    const places = createCallerPlaces({ atOnce: 1 });
    const fails = () => Promise.reject(new Error("no"));
    await expect(places.answer(json, from("Bearer a"), fails)).rejects.toThrow("no");
    await expect(places.answer(json, from("Bearer a"), async () => "yes")).resolves.toBe("yes");
  });

  test.each([
    ["a stream", { kind: "sse" }],
    ["a file", { kind: "csv" }],
    ["an upload", { kind: "upload" }],
    ["what waits for an address outside", { kind: "json", waitsOutside: true }],
  ])("are not taken by %s", async (_what, route) => {
    const places = createCallerPlaces({ atOnce: 1 });
    const { act, running, goOn } = held();
    const answers = [1, 2, 3].map(() => places.answer(route as Route, from("Bearer a"), act));
    await settle();
    expect(running()).toBe(3);
    goOn();
    await Promise.all(answers);
  });
});
