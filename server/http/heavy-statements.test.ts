import { setImmediate as turnOfLoop } from "node:timers/promises";
import { expect, test } from "vitest";
import { createHeavyStatements, type HeavyKind, type HeavyStatements } from "./heavy-statements.ts";

const staying = () => new AbortController().signal;

/** Asks for places without waiting for them, and tells who has one. */
function asking(heavy: HeavyStatements) {
  const inside = new Map<string, () => void>();
  return {
    ask: (name: string, workspaceId: string, kind: HeavyKind = "short") =>
      void heavy.enter(workspaceId, kind, staying()).then(
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
  const leave = await heavy.enter("a", "short", staying());
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
  const leave = await heavy.enter("a", "short", staying());
  const waiting = heavy.enter("a", "short", staying());
  await expect(heavy.enter("a", "short", staying())).rejects.toMatchObject({ code: "workspace_busy", status: 429, retryAfter: 3 });
  await expect(waiting).rejects.toMatchObject({ code: "workspace_busy" });
  leave();
  await heavy.enter("a", "short", staying());
});

test("who goes away while waiting leaves its place in the row", async () => {
  const heavy = createHeavyStatements({ atOnce: 1, mostWaiting: 1 });
  await heavy.enter("a", "short", staying());
  const client = new AbortController();
  const waiting = heavy.enter("a", "short", client.signal);
  client.abort();
  await expect(waiting).rejects.toMatchObject({ code: "workspace_busy" });
  void heavy.enter("a", "short", staying()).catch(() => {});
});
