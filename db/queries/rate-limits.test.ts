import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDb, type TestDb } from "#test/db.ts";
import { consumeAttempt, giveAttemptBack } from "./rate-limits.ts";

let db: TestDb;
beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

const limit = (key: string) => ({ key, window: 60, max: 3 });
const pass = (key: string, seconds: number) =>
  sql`update private.rate_limits set last_request = last_request - ${seconds * 1000}::bigint where key = ${key}`.execute(db.owner);

test("attempts beyond the limit are refused and told how long to wait", async () => {
  const answers = [];
  for (let round = 0; round < 5; round++) answers.push(await consumeAttempt(db.owner, limit("a")));
  expect(answers.map(({ allowed }) => allowed)).toEqual([true, true, true, false, false]);
  expect(answers[4]?.retryAfter).toBeGreaterThan(55);
  expect(answers[4]?.retryAfter).toBeLessThanOrEqual(60);
});

test("a hundred at once are counted one by one", async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => consumeAttempt(db.owner, limit("b"))));
  expect(answers.filter(({ allowed }) => allowed)).toHaveLength(3);
});

test("a refused attempt does not make the wait longer, and after the window counting starts anew", async () => {
  for (let round = 0; round < 4; round++) await consumeAttempt(db.owner, limit("c"));
  await pass("c", 40);
  const { allowed, retryAfter } = await consumeAttempt(db.owner, limit("c"));
  expect([allowed, retryAfter <= 20]).toEqual([false, true]);
  await pass("c", 20);
  for (let round = 0; round < 3; round++) expect((await consumeAttempt(db.owner, limit("c"))).allowed).toBe(true);
  expect((await consumeAttempt(db.owner, limit("c"))).allowed).toBe(false);
});

test("an attempt given back does not count, and nothing falls below zero", async () => {
  for (let round = 0; round < 10; round++) {
    expect((await consumeAttempt(db.owner, limit("d"))).allowed).toBe(true);
    await giveAttemptBack(db.owner, ["d", "never counted"]);
  }
  await giveAttemptBack(db.owner, ["d"]);
  const { count } = await db.owner.selectFrom("private.rate_limits").select("count").where("key", "=", "d").executeTakeFirstOrThrow();
  expect(count).toBe(0);
});
