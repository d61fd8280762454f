import { expect, test } from "vitest";
import { createHeavyStatements } from "./heavy-statements.ts";

const staying = () => new AbortController().signal;

test("a workspace runs two at a time, and another one is not affected", async () => {
  const heavy = createHeavyStatements();
  const first = await heavy.enter("a", staying());
  await heavy.enter("a", staying());
  let third = false;
  const waiting = heavy.enter("a", staying()).then((leave) => {
    third = true;
    return leave;
  });
  await heavy.enter("b", staying());
  expect(third).toBe(false);
  first();
  first();
  await waiting;
  expect(third).toBe(true);
});

test("who waits too long, and who comes when too many wait, is told to come back", async () => {
  const heavy = createHeavyStatements({ atOnce: 1, mostWaiting: 1, waitMs: 20 });
  const leave = await heavy.enter("a", staying());
  const waiting = heavy.enter("a", staying());
  await expect(heavy.enter("a", staying())).rejects.toMatchObject({ code: "workspace_busy", status: 429, retryAfter: 3 });
  await expect(waiting).rejects.toMatchObject({ code: "workspace_busy" });
  leave();
  await heavy.enter("a", staying());
});

test("who goes away while waiting leaves its place in the row", async () => {
  const heavy = createHeavyStatements({ atOnce: 1, mostWaiting: 1 });
  await heavy.enter("a", staying());
  const client = new AbortController();
  const waiting = heavy.enter("a", client.signal);
  client.abort();
  await expect(waiting).rejects.toMatchObject({ code: "workspace_busy" });
  void heavy.enter("a", staying()).catch(() => {});
});
