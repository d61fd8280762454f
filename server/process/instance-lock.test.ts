import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { acquireInstanceLock } from "./instance-lock.ts";
import { processBirth } from "./process-birth.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "sluice-lock-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const lockFile = () => join(dir, "instance.lock");

describe("acquireInstanceLock", () => {
  test("refuses a second instance and names the address and the process of the first", async () => {
    const lock = await acquireInstanceLock(dir);
    await expect(acquireInstanceLock(dir)).rejects.toThrow(`(pid ${process.pid}, still starting)`);
    lock.announce("http://127.0.0.1:4400");
    await expect(acquireInstanceLock(dir)).rejects.toThrow(`at http://127.0.0.1:4400 (pid ${process.pid})`);
    await expect(acquireInstanceLock(dir)).rejects.toMatchObject({ code: "instance_running" });
  });

  test("of many at once over a dead holder's file exactly one gets it", async () => {
    for (let round = 0; round < 20; round += 1) {
      writeFileSync(lockFile(), JSON.stringify({ pid: 4_000_000, birth: "long ago", id: `dead ${round}` }));
      const results = await Promise.allSettled(Array.from({ length: 10 }, () => acquireInstanceLock(dir)));
      const locks = results.filter((result) => result.status === "fulfilled");
      expect(locks).toHaveLength(1);
      locks[0]?.value.release();
    }
    expect(readdirSync(dir)).toEqual([]);
  });

  test("takes over from a process that was killed", async () => {
    const victim = spawn("sleep", ["60"], { stdio: "ignore" });
    const birth = processBirth(victim.pid ?? 0);
    writeFileSync(lockFile(), JSON.stringify({ pid: victim.pid, birth, id: "victim" }));
    await expect(acquireInstanceLock(dir)).rejects.toThrow(`pid ${victim.pid}`);
    victim.kill("SIGKILL");
    await new Promise((resolve) => victim.once("exit", resolve));
    await (await acquireInstanceLock(dir)).announce("http://127.0.0.1:1");
    expect(JSON.parse(readFileSync(lockFile(), "utf8"))).toMatchObject({ pid: process.pid });
  });

  test("is not fooled by another process that has the dead one's number", async () => {
    writeFileSync(lockFile(), JSON.stringify({ pid: process.pid, birth: "another boot", id: "reused" }));
    await expect(acquireInstanceLock(dir)).resolves.toBeDefined();
  });

  test("takes over a file that a power failure cut off", async () => {
    writeFileSync(lockFile(), '{"pid": 12');
    await expect(acquireInstanceLock(dir)).resolves.toBeDefined();
  });

  test("a released lock is free again, and releasing does not remove a successor's", async () => {
    const first = await acquireInstanceLock(dir);
    first.release();
    await acquireInstanceLock(dir);
    first.release();
    await expect(acquireInstanceLock(dir)).rejects.toThrow(/already runs/);
  });
});
