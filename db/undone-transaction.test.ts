import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDb, type TestDb } from "#test/db.ts";
import { inUndoneTransaction } from "./undone-transaction.ts";

let db: TestDb;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

const options = { withinMs: 5_000 };
const add = (to: TestDb["owner"], name: string) => to.insertInto("workspaces").values({ name }).execute();
const names = async (of: TestDb["owner"]) =>
  (await of.selectFrom("workspaces").select("name").orderBy("name").execute()).map(({ name }) => name);

test("a statement that was not awaited does not run after the transaction has ended", async () => {
  const kept = await inUndoneTransaction(db.owner, options, async (undone) => undone);
  await expect(add(kept, "late")).rejects.toThrow("This transaction has ended");
});

test("a statement that waits for a transaction which waits for it gets an error and not a standstill", async () => {
  const meeting = inUndoneTransaction(db.owner, { withinMs: 50 }, (undone) =>
    undone.transaction().execute(async () => {
      await add(undone, "crossing");
    }),
  );
  await expect(meeting).rejects.toThrow("waits for a connection");
});

test("an error is handed on, and nothing stays", async () => {
  const failing = inUndoneTransaction(db.owner, options, async (undone) => {
    await add(undone, "failing");
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(await names(db.owner)).toEqual([]);
});

test("nothing of what was written stays, neither by a statement nor by a transaction", async () => {
  const seen = await inUndoneTransaction(db.owner, options, async (undone) => {
    await add(undone, "alone");
    await undone.transaction().execute((tx) => add(tx, "together"));
    return names(undone);
  });
  expect(seen).toEqual(["alone", "together"]);
  expect(await names(db.owner)).toEqual([]);
});

test("a statement or a transaction that fails takes back only itself", async () => {
  const seen = await inUndoneTransaction(db.owner, options, async (undone) => {
    await add(undone, "before");
    await expect(add(undone, "")).rejects.toThrow("workspaces_name_check");
    const failing = undone.transaction().execute(async (tx) => {
      await add(tx, "within");
      throw new Error("taken back");
    });
    await expect(failing).rejects.toThrow("taken back");
    await add(undone, "then");
    return names(undone);
  });
  expect(seen).toEqual(["before", "then"]);
});

test("transactions that begin at the same time run one after the other", async () => {
  const seen = await inUndoneTransaction(db.owner, options, async (undone) => {
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map((number) =>
        undone.transaction().execute(async (tx) => {
          await add(tx, `number ${number}`);
          if (number === 2) throw new Error("taken back");
          await add(tx, `and ${number}`);
        }),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    return names(undone);
  });
  expect(seen).toEqual(["and 1", "and 3", "number 1", "number 3"]);
});
