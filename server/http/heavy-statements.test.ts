import { setImmediate as turnOfLoop } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createHeavyStatements, type HeavyKind, type HeavyRequest, type HeavyStatements } from "./heavy-statements.ts";

const staying = () => new AbortController().signal;
/** Each workspace is somebody else's, unless it is said whose. */
const of = (workspaceId: string, more: Partial<HeavyRequest> = {}): HeavyRequest => ({
  workspaceId,
  person: workspaceId,
  kind: "short",
  ...more,
});

/** Asks for places without waiting for them, and tells who has one. */
function asking(heavy: HeavyStatements) {
  const inside = new Map<string, () => void>();
  return {
    ask: (name: string, workspaceId: string, kind: HeavyKind = "short", person = workspaceId) =>
      void heavy.enter({ workspaceId, kind, person }, staying()).then(
        (leave) => inside.set(name, leave),
        () => {},
      ),
    async leave(name: string) {
      inside.get(name)?.();
      inside.delete(name);
      await turnOfLoop();
    },
    async inside() {
      await turnOfLoop();
      return [...inside.keys()];
    },
  };
}

test("a workspace runs two at a time, and another one is not affected", async () => {
  const { ask, leave, inside } = asking(createHeavyStatements({ cores: 7 }));
  for (const name of ["a1", "a2", "a3"]) ask(name, "a");
  ask("b1", "b");
  expect(await inside()).toEqual(["a1", "a2", "b1"]);
  await leave("a1");
  expect(await inside()).toEqual(["a2", "b1", "a3"]);
});

test("giving a place back twice gives back one", async () => {
  const heavy = createHeavyStatements({ atOnce: 1 });
  const leave = await heavy.enter(of("a"), staying());
  const { ask, inside } = asking(heavy);
  for (const name of ["a2", "a3"]) ask(name, "a");
  leave();
  leave();
  expect(await inside()).toEqual(["a2"]);
});

test("a second statement of a workspace leaves a core free, and the first one of another waits for nobody", async () => {
  const { ask, leave, inside } = asking(createHeavyStatements({ cores: 1 }));
  for (const name of ["a1", "a2"]) ask(name, "a");
  for (const name of ["b1", "b2"]) ask(name, "b");
  expect(await inside()).toEqual(["a1", "b1"]);
  await leave("a1");
  expect(await inside()).toEqual(["b1", "a2"]);
});

test("a file that is read slowly keeps nobody of its workspace from counting, and two keep everybody", async () => {
  const { ask, leave, inside } = asking(createHeavyStatements({ cores: 1 }));
  ask("file", "a", "long");
  for (const name of ["a1", "a2"]) ask(name, "a");
  expect(await inside()).toEqual(["file", "a1"]);
  await leave("a1");
  ask("another file", "a", "long");
  expect(await inside()).toEqual(["file", "a2"]);
});

test("a core that becomes free goes to the workspace whose last turn is longest ago", async () => {
  const { ask, leave, inside } = asking(createHeavyStatements({ cores: 3 }));
  ask("a1", "a");
  for (const name of ["b1", "b2", "b3"]) ask(name, "b");
  ask("a2", "a");
  expect(await inside()).toEqual(["a1", "b1", "b2"]);
  await leave("b1");
  expect(await inside()).toEqual(["a1", "b2", "a2"]);
});

test("who waits too long, and who comes when too many wait, is told to come back", async () => {
  const heavy = createHeavyStatements({ atOnce: 1, mostWaiting: 1, waitMs: 20 });
  const leave = await heavy.enter(of("a"), staying());
  const waiting = heavy.enter(of("a"), staying());
  await expect(heavy.enter(of("a"), staying())).rejects.toMatchObject({ code: "workspace_busy", status: 429, retryAfter: 3 });
  await expect(waiting).rejects.toMatchObject({ code: "workspace_busy" });
  leave();
  await heavy.enter(of("a"), staying());
});

test("who goes away while waiting leaves its place in the row", async () => {
  const heavy = createHeavyStatements({ atOnce: 1, mostWaiting: 1 });
  await heavy.enter(of("a"), staying());
  const client = new AbortController();
  const waiting = heavy.enter(of("a"), client.signal);
  client.abort();
  await expect(waiting).rejects.toMatchObject({ code: "workspace_busy" });
  void heavy.enter(of("a"), staying()).catch(() => {});
});

describe("one person with many workspaces", () => {
  const mine = (count: number) => Array.from({ length: count }, (_, index) => `mine ${index}`);

  test("runs no more statements than there are cores for, and leaves the next one to others", async () => {
    const { ask, leave, inside } = asking(createHeavyStatements({ cores: 2 }));
    for (const name of mine(50)) ask(name, name, "short", "hostile");
    expect(await inside()).toEqual(["mine 0", "mine 1"]);
    ask("other", "other");
    expect(await inside()).toEqual(["mine 0", "mine 1", "other"]);
    await leave("mine 0");
    expect(await inside()).toEqual(["mine 1", "other", "mine 2"]);
  });

  test("has one turn, and everybody else who waits has theirs before the next one", async () => {
    const heavy = createHeavyStatements({ cores: 1 });
    const { ask, leave, inside } = asking(heavy);
    ask("held", "held");
    for (const name of mine(15)) ask(name, name, "short", "hostile");
    for (const name of ["a", "b"]) ask(name, name);
    expect(await inside()).toEqual(["held", "mine 0"]);
    await leave("held");
    await leave("mine 0");
    expect((await inside()).toSorted()).toEqual(["a", "b"]);
    await leave("a");
    expect(await inside()).toEqual(["b", "mine 1"]);
  });

  test("walks one forecast at a time, and two people two", async () => {
    const { ask, leave, inside } = asking(createHeavyStatements({ cores: 7 }));
    for (const name of mine(5)) ask(name, name, "walk", "hostile");
    ask("a", "a", "walk");
    ask("b", "b", "walk");
    expect(await inside()).toEqual(["mine 0", "a"]);
    await leave("mine 0");
    expect(await inside()).toEqual(["a", "b"]);
  });

  test("may wait with so many requests and no more, and is told whose they are", async () => {
    const heavy = createHeavyStatements({ cores: 1, mostWaiting: 2, waitMs: 60_000 });
    await heavy.enter(of("mine 0", { person: "hostile" }), staying());
    const going = new AbortController();
    const waiting = ["mine 1", "mine 2"].map((name) => heavy.enter(of(name, { person: "hostile" }), going.signal).catch(() => undefined));
    const refused = heavy.enter(of("mine 3", { person: "hostile" }), staying());
    await expect(refused).rejects.toMatchObject({ code: "workspace_busy", status: 429, message: expect.stringContaining("You are") });
    going.abort();
    await Promise.all(waiting);
  });
});

test("however many workspaces ask, as many statements run as there are cores for and one more, and never more than four", async () => {
  for (const [cores, most] of [
    [1, 2],
    [3, 4],
    [31, 4],
  ]) {
    const { ask, inside } = asking(createHeavyStatements({ cores: cores as number }));
    for (let workspace = 0; workspace < 40; workspace += 1) ask(`${workspace}`, `${workspace}`);
    expect(await inside()).toHaveLength(most as number);
  }
});

test("who has no turn in time because of others is told that it is not theirs to change", async () => {
  const heavy = createHeavyStatements({ cores: 1, waitMs: 20 });
  for (const name of ["a", "b"]) await heavy.enter(of(name), staying());
  await expect(heavy.enter(of("c"), staying())).rejects.toMatchObject({ code: "instance_busy", status: 503, retryAfter: 3 });
});

test("a change that was asked for waits longer than a question", async () => {
  const heavy = createHeavyStatements({ cores: 1, waitMs: 10, changeWaitMs: 60_000 });
  const [leave] = await Promise.all(["a", "b"].map((name) => heavy.enter(of(name), staying())));
  let isChanging = false;
  const change = heavy.enter(of("c", { isChange: true }), staying()).then(() => {
    isChanging = true;
  });
  await expect(heavy.enter(of("d"), staying())).rejects.toMatchObject({ code: "instance_busy" });
  expect(isChanging).toBe(false);
  leave?.();
  await change;
});

test("sends take places of their own, beside what is counted, and of many workspaces of a person few", async () => {
  const { ask, leave, inside } = asking(createHeavyStatements({ cores: 1 }));
  for (const name of ["a", "b"]) ask(`count of ${name}`, name);
  for (let each = 1; each <= 3; each += 1) ask(`send ${each}`, "mine 1", "act", "hostile");
  ask("send 4", "mine 2", "act", "hostile");
  ask("send of c", "c", "act");
  expect(await inside()).toEqual(["count of a", "count of b", "send 1", "send 2", "send of c"]);
  await leave("send 1");
  expect(await inside()).toEqual(["count of a", "count of b", "send 2", "send of c", "send 4"]);
});

test("a file takes a place among all while a page of it is read, and none between its pages", async () => {
  const { ask, leave, inside } = asking(createHeavyStatements({ cores: 1 }));
  for (const name of ["a", "b"]) ask(`file of ${name}`, name, "long");
  for (const name of ["a", "b"]) ask(`page of ${name}`, name, "page");
  ask("count", "c");
  expect(await inside()).toEqual(["file of a", "file of b", "page of a", "page of b"]);
  await leave("page of a");
  expect(await inside()).toEqual(["file of a", "file of b", "page of b", "count"]);
});
