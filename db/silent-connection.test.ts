import { type AddressInfo, createConnection, createServer, type Server, type Socket } from "node:net";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import { createDb, type Db } from "./client.ts";
import { isConnectionLoss } from "./errors.ts";

// A line that can go silent: what is sent on it is lost, and neither end hears of it.
let template: TestDb;
let server: Server;
let db: Db;
let isSilent = false;
const sockets = new Set<Socket>();
const afterMs = 700;

beforeAll(async () => {
  template = await createTestDb();
  const { hostname, port } = new URL(template.ownerUrl);
  server = createServer((near) => {
    const far = createConnection({ host: hostname, port: Number(port) });
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", (data) => isSilent || into.write(data));
      from.on("error", () => {});
      from.on("close", () => into.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(template.ownerUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  db = createDb(url.toString(), { maxConnections: 1, silentForMs: afterMs });
});
beforeEach(() => {
  isSilent = false;
});
afterAll(async () => {
  await db.destroy();
  for (const socket of sockets) socket.destroy();
  server.close();
  await template.drop();
});

const one = async (): Promise<number | undefined> => (await sql<{ n: number }>`select 1 as n`.execute(db)).rows[0]?.n;

test("a statement that nobody answers ends in an error, and the next one has another connection", async () => {
  expect(await one()).toBe(1);
  isSilent = true;
  const error: unknown = await one().catch((error: unknown) => error);
  expect(String(error)).toContain("The database has not answered for 0.7 s.");
  expect(isConnectionLoss(error)).toBe(true);
  isSilent = false;
  expect(await one()).toBe(1);
});

test("the same in the middle of a transaction", async () => {
  const attempt = db.transaction().execute(async (tx) => {
    await sql`select 1`.execute(tx);
    isSilent = true;
    await sql`select 2`.execute(tx);
  });
  await expect(attempt).rejects.toThrow(/has not answered|connection error/);
  isSilent = false;
  expect(await one()).toBe(1);
});

test("who rests on a connection, also in a transaction, keeps it", async () => {
  const pid = async (on: Db) => (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(on)).rows[0]?.pid;
  const before = await pid(db);
  await new Promise((resolve) => setTimeout(resolve, afterMs + 300));
  await db.transaction().execute(async (tx) => {
    expect(await pid(tx)).toBe(before);
    await new Promise((resolve) => setTimeout(resolve, afterMs + 300));
    expect(await pid(tx)).toBe(before);
  });
});
