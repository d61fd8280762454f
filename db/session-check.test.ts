import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createTestDb, type TestDb } from "#test/db.ts";
import { type FakePooler, type PoolMode, startFakePooler } from "#test/fake-pooler.ts";
import { checkSessions, SessionFailure } from "./session-check.ts";

let db: TestDb;
let pooler: FakePooler | undefined;
beforeAll(async () => {
  db = await createTestDb();
});
afterEach(() => pooler?.stop());
afterAll(() => db.drop());

/** A session property is lost at the moment of the change. Only proving the loss takes time. */
const quick = { answerMs: 1_500, notifiedMs: 500 };

async function refusalBehind(mode: PoolMode, servers?: number): Promise<SessionFailure> {
  pooler = await startFakePooler(db.ownerUrl, mode, servers);
  const error = await checkSessions(pooler.url, quick).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(SessionFailure);
  return error as SessionFailure;
}

test("a pooler that gives every transaction another session is found out, with what was seen and what to use instead", async () => {
  const { message, seen } = await refusalBehind("transaction");
  expect(seen).toEqual(expect.arrayContaining(["a setting of the session was lost", "a prepared statement was lost"]));
  expect(seen.some((sentence) => sentence.includes("LISTEN is lost"))).toBe(true);
  expect(message).toMatch(/session mode .*port 5432 and not 6543/);
  expect(message).not.toContain(new URL(db.ownerUrl).password);
});

test("also one with a single session for everybody", async () => {
  expect((await refusalBehind("transaction", 1)).seen).toEqual(["one connection had to wait until the other was idle"]);
});

test("one that keeps sessions and drops notifications is told apart", async () => {
  expect((await refusalBehind("deaf")).seen).toEqual(["a notification did not arrive within 0.5 s (LISTEN is lost)"]);
});

test("a direct connection and a pooler in session mode pass", async () => {
  await checkSessions(db.ownerUrl);
  pooler = await startFakePooler(db.ownerUrl, "session");
  await checkSessions(pooler.url);
});

test("a database that cannot be reached is not blamed on a pooler", async () => {
  const error = await checkSessions("postgres://nobody@127.0.0.1:1/nothing").catch((caught: unknown) => caught);
  expect(error).not.toBeInstanceOf(SessionFailure);
});
