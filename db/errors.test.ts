import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import { createDb } from "./client.ts";
import * as errors from "./errors.ts";

const questions = {
  isConnectionLoss: errors.isConnectionLoss,
  isDataError: errors.isDataError,
  isDeadlock: errors.isDeadlock,
  isForbidden: errors.isForbidden,
  isLockTimeout: errors.isLockTimeout,
  isOutage: errors.isOutage,
  isRefusal: errors.isRefusal,
  isTimeout: errors.isTimeout,
  isUniqueViolation: errors.isUniqueViolation,
};

/** The names of all questions that are answered with yes. */
const says = (error: unknown) => Object.entries(questions).flatMap(([name, ask]) => (ask(error) ? [name] : []));

let db: TestDb;

beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

describe("what Postgres itself reports", () => {
  const errorOf = (statement: string) =>
    db.owner
      .transaction()
      .execute((tx) => sql.raw(statement).execute(tx))
      .then(
        () => undefined,
        (error: unknown) => error,
      );

  test.each([
    ["select 'x'::int", ["isDataError", "isRefusal"]],
    ["select 1 / 0", ["isDataError", "isRefusal"]],
    ["insert into workspaces (name) values (null)", ["isDataError", "isRefusal"]],
    ["create temp table t (a int unique); insert into t values (1), (1)", ["isDataError", "isRefusal", "isUniqueViolation"]],
    ["set local role sluice_api; select * from workspaces", ["isForbidden", "isRefusal"]],
    ["select nobody_knows_this", ["isRefusal"]],
    ["set local statement_timeout = 20; select pg_sleep(5)", ["isOutage", "isTimeout"]],
    ["select pg_terminate_backend(pg_backend_pid())", ["isConnectionLoss", "isOutage"]],
  ])("%s", async (statement, expected) => {
    expect(says(await errorOf(statement))).toEqual(expected);
  });

  test("a lock that is not granted in time is a time-out of the lock, and an outage", async () => {
    await db.owner.transaction().execute(async (tx) => {
      await sql`lock table workspaces`.execute(tx);
      expect(says(await errorOf("set local lock_timeout = 20; select 1 from workspaces"))).toEqual(["isLockTimeout", "isOutage"]);
    });
  });
});

describe("what the connection reports", () => {
  test("a server that nobody runs is a lost connection", async () => {
    const nowhere = createDb("postgres://nobody@127.0.0.1:1/none");
    expect(says(await sql`select 1`.execute(nowhere).catch((error: unknown) => error))).toEqual(["isConnectionLoss", "isOutage"]);
    await nowhere.destroy();
  });

  test("a pool without a free connection is a time-out", async () => {
    const small = createDb(db.ownerUrl, { maxConnections: 1, connectWithinMs: 50 });
    // Its one connection may take longer than that to be made.
    await expect
      .poll(() =>
        sql`select 1`.execute(small).then(
          () => "made",
          () => "not yet",
        ),
      )
      .toBe("made");
    await small.connection().execute(async () => {
      expect(says(await sql`select 1`.execute(small).catch((error: unknown) => error))).toEqual(["isOutage", "isTimeout"]);
    });
    await small.destroy();
  });

  test("a pool that was closed is a lost connection", async () => {
    const closed = createDb(db.ownerUrl);
    await sql`select 1`.execute(closed);
    await closed.destroy();
    expect(says(await sql`select 1`.execute(closed).catch((error: unknown) => error))).toEqual(["isConnectionLoss", "isOutage"]);
  });

  test("a host with two addresses that both refuse is a lost connection", () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    expect(says(new AggregateError([refused, refused]))).toEqual(["isConnectionLoss", "isOutage"]);
  });
});

test("conflicts and limits of the server pass by themselves", () => {
  const withCode = (code: string) => Object.assign(new Error("of Postgres"), { code });
  expect(says(withCode("40P01"))).toEqual(["isDeadlock", "isOutage"]);
  expect(says(withCode("40001"))).toEqual(["isOutage"]);
  expect(says(withCode("53300"))).toEqual(["isOutage"]);
  expect(says(withCode("25006"))).toEqual(["isOutage"]);
});

test("a full disk is neither an outage nor about the data, and it does not stay", () => {
  expect(says(Object.assign(new Error("could not extend file"), { code: "53100" }))).toEqual([]);
});

test("an error of our own and things that are no errors say nothing", () => {
  for (const error of [new TypeError("x is not a function"), { code: "23505" }, "23505", undefined, null]) expect(says(error)).toEqual([]);
});
