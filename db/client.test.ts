import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import { asMember, CallerGone, createDb, type Db } from "./client.ts";

const userId = "01890000-0000-7000-8000-000000000001";
let db: TestDb;

beforeAll(async () => {
  db = await createTestDb();
});
afterAll(() => db.drop());

describe("asMember", () => {
  const whoAmI = sql<{ role: string; uid: string }>`
    select current_user as role, current_setting('request.jwt.claims')::jsonb ->> 'sub' as uid`;

  test("the API's login by itself may not even read", async () => {
    await expect(sql`select * from public.workspaces`.execute(db.api)).rejects.toThrow(/permission denied/);
  });

  test("a failing function leaves nothing behind, neither its rows nor its identity", async () => {
    const attempt = asMember(db.owner, { userId, write: true }, async (tx) => {
      await sql`reset role`.execute(tx);
      await sql`insert into public.workspaces (name) values ('lost')`.execute(tx);
      throw new Error("changed my mind");
    });
    await expect(attempt).rejects.toThrow("changed my mind");
    const { rows } = await sql`select 1 from public.workspaces where name = 'lost'`.execute(db.owner);
    expect(rows).toEqual([]);
  });

  test("a statement that was not awaited is refused after the end instead of running with the login's rights", async () => {
    const leaked = await asMember(db.owner, { userId, write: false }, async (tx) => ({ tx }));
    await expect(whoAmI.execute(leaked.tx)).rejects.toThrow(/has ended/);
  });

  test("a user id cannot break out of the claims", async () => {
    const hostile = `'); reset role; select ('"} \\' --`;
    const { rows } = await asMember(db.api, { userId: hostile, write: false }, (tx) => whoAmI.execute(tx));
    expect(rows).toEqual([{ role: "authenticated", uid: hostile }]);
  });

  test("it cannot be nested into a second transaction", async () => {
    // The types say so too; a cast is not to be what it takes.
    const attempt = asMember(db.api, { userId, write: false }, async (tx) => (tx as Db).transaction().execute(async () => {}));
    await expect(attempt).rejects.toThrow(/not supported/);
  });

  test.each([
    { login: "api", write: false, role: "authenticated" },
    { login: "api", write: true, role: "sluice_member" },
    { login: "owner", write: false, role: "authenticated" },
    { login: "owner", write: true, role: "sluice_member" },
  ] as const)("from the $login's login, write=$write runs as $role with the member's id", async ({ login, write, role }) => {
    const { rows } = await asMember(db[login], { userId, write }, (tx) => whoAmI.execute(tx));
    expect(rows).toEqual([{ role, uid: userId }]);
  });

  test("statements that may read all of a workspace take one core each, and the next ones on the connection as many as before", async () => {
    const single = createDb(db.apiUrl, { maxConnections: 1 });
    const processes = sql<{ more: number }>`select current_setting('max_parallel_workers_per_gather')::int as more`;
    const asked = async (isHeavy: boolean) =>
      (await asMember(single, { userId, write: false, isHeavy }, (tx) => processes.execute(tx))).rows[0]?.more;
    try {
      expect(await asked(true)).toBe(0);
      expect(await asked(false)).toBeGreaterThan(0);
    } finally {
      await single.destroy();
    }
  });

  test("afterwards the pooled connection belongs to nobody", async () => {
    const single = createDb(db.apiUrl, { maxConnections: 1 });
    try {
      await asMember(single, { userId, write: true }, (tx) => whoAmI.execute(tx));
      const { rows } = await sql<{ role: string; claims: string }>`
        select current_user as role, current_setting('request.jwt.claims', true) as claims`.execute(single);
      expect(rows).toEqual([{ role: "sluice_api", claims: "" }]);
    } finally {
      await single.destroy();
    }
  });
});

describe("createDb", () => {
  test("a connection that dies, idle or inside a transaction, is reported and replaced; the process lives on", async () => {
    const lost: string[] = [];
    const single = createDb(db.ownerUrl, { maxConnections: 1, onConnectionLost: (error) => lost.push(error.message) });
    const kill = (pid: number) => sql`select pg_terminate_backend(${pid})`.execute(db.owner);
    const ownPid = async (on = single) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(on);
      return rows[0]?.pid ?? 0;
    };
    const isAlive = async (pid: number) => (await sql`select from pg_stat_activity where pid = ${pid}`.execute(db.owner)).rows.length > 0;
    try {
      await kill(await ownPid());
      await expect.poll(() => lost.length).toBeGreaterThan(0);
      const inTransaction = asMember(single, { userId, write: false }, async (tx) => {
        const pid = await ownPid(tx);
        await kill(pid);
        await expect.poll(() => isAlive(pid)).toBe(false);
        return ownPid(tx);
      });
      await expect(inTransaction).rejects.toThrow();
      expect(await ownPid()).toBeGreaterThan(0);
    } finally {
      await single.destroy();
    }
  });

  test("a statement over its time limit is cancelled by the server", async () => {
    const limited = createDb(db.ownerUrl, { statementTimeout: 50 });
    try {
      await expect(sql`select pg_sleep(5)`.execute(limited)).rejects.toThrow(/statement timeout/);
    } finally {
      await limited.destroy();
    }
  });

  test("counts are numbers, too big numbers stay text, dates stay days, moments are Date, json is parsed", async () => {
    const { rows } = await sql`select count(*) as count, 9007199254740993::bigint as big, date '2026-03-29' as day,
      timestamptz '2026-03-29T01:00:00Z' as moment, '{"a":[1]}'::jsonb as json`.execute(db.owner);
    expect(rows).toEqual([
      { count: 1, big: "9007199254740993", day: "2026-03-29", moment: new Date("2026-03-29T01:00:00Z"), json: { a: [1] } },
    ]);
  });
});

describe("a caller who goes away", () => {
  const running = sql<{ count: number }>`select count(*)::int as count from pg_stat_activity
    where query like '%pg_sleep(41)%' and state = 'active' and pid <> pg_backend_pid()`;

  test("has its statement ended, and the connection serves the next caller", async () => {
    const one = createDb(db.apiUrl, { maxConnections: 1 });
    const caller = new AbortController();
    const asking = asMember(one, { userId, write: false, signal: caller.signal }, (tx) => sql`select pg_sleep(41)`.execute(tx));
    await expect.poll(async () => (await running.execute(db.owner)).rows[0]?.count).toBe(1);
    caller.abort();
    await expect(asking).rejects.toMatchObject({ code: "57014" });
    expect((await running.execute(db.owner)).rows[0]?.count).toBe(0);
    for (let number = 0; number < 20; number += 1)
      await asMember(one, { userId, write: false }, (tx) => sql`select pg_sleep(0.002)`.execute(tx));
    await one.destroy();
  });

  test("before its turn takes no statement at all", async () => {
    const signal = AbortSignal.abort();
    await expect(asMember(db.api, { userId, write: false, signal }, (tx) => sql`select 1`.execute(tx))).rejects.toThrow(CallerGone);
    await sql`select 1`.execute(db.api);
  });

  test("after the end of its transaction disturbs nobody", async () => {
    const one = createDb(db.apiUrl, { maxConnections: 1 });
    const caller = new AbortController();
    await asMember(one, { userId, write: false, signal: caller.signal }, (tx) => sql`select 1`.execute(tx));
    const next = sql`select pg_sleep(0.3)`.execute(one);
    caller.abort();
    await next;
    await one.destroy();
  });
});
