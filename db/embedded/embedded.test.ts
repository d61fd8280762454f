import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEmbeddedPostgres } from "./embedded.ts";
import { readPostmaster } from "./postmaster.ts";
import { readOrCreateSecrets } from "./secrets.ts";

// mkdtemp makes a 0700 folder: for root this is also the test that Postgres, as another user, gets through it.
let base: string;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "sluice-embedded-"));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const quick = { fsync: "off", autovacuum: "off" };
const start = (name: string) => startEmbeddedPostgres({ dataDir: join(base, name), settings: quick });

async function ask<T>(url: string, query: string): Promise<T | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return Object.values((await client.query(query)).rows[0] ?? {})[0] as T;
  } finally {
    await client.end();
  }
}

describe("startEmbeddedPostgres refuses", () => {
  test("data of another major version, and says which", async () => {
    mkdirSync(join(base, "old", "postgres"), { recursive: true });
    writeFileSync(join(base, "old", "postgres", "PG_VERSION"), "17\n");
    await expect(start("old")).rejects.toMatchObject({ code: "other_major_version" });
    await expect(start("old")).rejects.toThrow(/written by Postgres 17 and this Sluice brings Postgres 18/);
  });

  test("a folder that holds something else", async () => {
    mkdirSync(join(base, "photos", "postgres"), { recursive: true });
    writeFileSync(join(base, "photos", "postgres", "cat.jpg"), "");
    await expect(start("photos")).rejects.toMatchObject({ code: "data_not_ours" });
  });

  test("a data folder that is a file", async () => {
    writeFileSync(join(base, "file"), "");
    await expect(start("file")).rejects.toMatchObject({ code: "data_not_writable" });
  });

  test.skipIf(process.getuid?.() === 0)("a data folder without write access", async () => {
    mkdirSync(join(base, "closed"));
    chmodSync(join(base, "closed"), 0o500);
    await expect(start("closed")).rejects.toThrow(/is not writable for this user/);
  });

  test("a damaged file of secrets, and leaves it as it is", async () => {
    mkdirSync(join(base, "damaged"));
    writeFileSync(join(base, "damaged", "secrets.json"), '{"postgresPassword":');
    await expect(start("damaged")).rejects.toMatchObject({ code: "secrets_unreadable" });
    expect(readFileSync(join(base, "damaged", "secrets.json"), "utf8")).toBe('{"postgresPassword":');
  });
});

describe("startEmbeddedPostgres", () => {
  test("keeps its passwords to itself and lets nobody in without them", async () => {
    const postgres = await start("life");
    try {
      expect(statSync(join(base, "life", "secrets.json")).mode & 0o777).toBe(0o600);
      expect(readOrCreateSecrets(join(base, "life")).masterKey).toHaveLength(32);
      const wrong = postgres.ownerUrl.replace(/:[^:@]+@/, ":wrong@");
      await expect(ask(wrong, "select 1")).rejects.toThrow(/password authentication failed/);
      expect(await ask(postgres.ownerUrl, "show listen_addresses")).toBe("127.0.0.1");
      expect(await ask(postgres.ownerUrl, "select datlocale from pg_database where datname = 'sluice'")).toBe("C.UTF-8");
      expect(await ask(postgres.ownerUrl, "show data_checksums")).toBe("on");
    } finally {
      await postgres.stop();
    }
    await expect(ask(postgres.ownerUrl, "select 1")).rejects.toThrow();
  });

  test("finds its data again, on the same port", async () => {
    const first = await start("life");
    await ask(first.ownerUrl, "create table kept as select 42 as n");
    await first.stop();
    const second = await start("life");
    expect(second.ownerUrl).toBe(first.ownerUrl);
    expect(await ask(second.ownerUrl, "select n from kept")).toBe(42);
    await second.stop();
  });

  test("adopts a running Postgres of its own instead of failing on it, and stops it in the end", async () => {
    const first = await start("life");
    const second = await start("life");
    expect([first.adopted, second.adopted]).toEqual([false, true]);
    expect(second.ownerUrl).toBe(first.ownerUrl);
    const orphan = first.stop(); // Ends its supervision; a real orphan's supervisor is dead.
    await Promise.all([orphan, second.stop()]);
    expect(readPostmaster(join(base, "life", "postgres"))).toBeUndefined();
  });

  test("starts after the process that had started it was killed", async () => {
    const script = `
      import { startEmbeddedPostgres } from "#db/embedded/embedded.ts";
      await startEmbeddedPostgres({ dataDir: process.argv[1], settings: { fsync: "off" } });
      console.log("ready");
      setInterval(() => {}, 1000);`;
    const victim = spawn("node", ["--input-type=module", "-e", script, join(base, "life")], { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => createInterface(victim.stdout).once("line", resolve));
    victim.kill("SIGKILL");
    const postgres = await start("life");
    expect(await ask(postgres.ownerUrl, "select n from kept")).toBe(42);
    await postgres.stop();
  });

  test("is not fooled by a pid file whose number now belongs to another process", async () => {
    const pidFile = join(base, "life", "postgres", "postmaster.pid");
    writeFileSync(pidFile, `${process.pid}\n${join(base, "life", "postgres")}\n1\n1\n\n127.0.0.1\n\nready   \n`);
    const postgres = await start("life");
    expect(postgres.adopted).toBe(false);
    await postgres.stop();
  });

  test("brings a killed postmaster back on the same port", async () => {
    const said: string[] = [];
    const postgres = await startEmbeddedPostgres({ dataDir: join(base, "life"), settings: quick, log: (line) => said.push(line) });
    process.kill(readPostmaster(join(base, "life", "postgres"))?.pid ?? 0, "SIGKILL");
    await expect.poll(() => ask(postgres.ownerUrl, "select n from kept").catch(() => 0)).toBe(42);
    expect(said[0]).toMatch(/ended unexpectedly \(signal SIGKILL\)/);
    await postgres.stop();
  });
});
