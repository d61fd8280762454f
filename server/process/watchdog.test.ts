import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { sql } from "kysely";
import { afterEach, describe, expect, test } from "vitest";
import { db, setUpTestDb } from "#test/engine-fixture.ts";

setUpTestDb();

const executionId = "019a0000-0000-7000-8000-000000000001";

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

/** What became of a process that does this under a watchdog of one second. */
async function watch(act: string, databaseUrl = db.ownerUrl) {
  const child = spawn(process.execPath, [join(import.meta.dirname, "../../test/watched-process.ts"), act, databaseUrl, executionId]);
  running.push(child);
  const [out, said, [, signal]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return {
    isThrough: out === "through",
    signal: signal as string | null,
    lines: said
      .trim()
      .split("\n")
      .filter((line) => line !== ""),
  };
}
const held = () => db.owner.selectFrom("private.held_executions").select(["flow_execution_id", "held_ms"]).execute();
afterEach(() => db.owner.deleteFrom("private.held_executions").execute());

describe("a process is left alone", () => {
  test("that computes more than the limit in all, and turns in between", async () => {
    expect(await watch("computes and turns")).toEqual({ isThrough: true, signal: null, lines: [] });
    expect(await held()).toEqual([]);
  });

  test("that waits and does not compute, because it waits for the machine", async () => {
    expect(await watch("waits without a turn")).toEqual({ isThrough: true, signal: null, lines: [] });
    expect(await held()).toEqual([]);
  });
});

describe("a process that computes without a turn is stopped", () => {
  test("and the execution that it worked on is named once, in its log and in the database", async () => {
    const { isThrough, signal, lines } = await watch("holds by an execution");
    expect({ isThrough, signal }).toEqual({ isThrough: false, signal: "SIGKILL" });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 50, executionId, msg: "the worker was held for too long and is stopped" }),
    ]);
    const [row, ...more] = await held();
    expect(more).toEqual([]);
    expect(row).toMatchObject({ flow_execution_id: executionId });
    expect(row?.held_ms).toBeGreaterThanOrEqual(1_000);
  });

  test("and the later time counts where it holds a second worker before it was ended", async () => {
    await db.owner.insertInto("private.held_executions").values({ flow_execution_id: executionId, held_ms: 1 }).execute();
    expect((await watch("holds by an execution")).lines).toHaveLength(1);
    const [row, ...more] = await held();
    expect(more).toEqual([]);
    expect(row?.held_ms).toBeGreaterThanOrEqual(1_000);
  });

  test("and no execution is blamed whose work was over before", async () => {
    const { signal, lines } = await watch("holds by nothing that has a name");
    expect(signal).toBe("SIGKILL");
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(executionId);
    expect(await held()).toEqual([]);
  });

  test("also while the database takes connections and answers nothing", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const { signal, lines } = await watch("holds by an execution", `postgres://nobody:nothing@127.0.0.1:${port}/none`);
    silent.close();
    expect(signal).toBe("SIGKILL");
    expect(lines[0]).toContain(executionId);
  });

  test("also while the database keeps it waiting", async () => {
    await db.owner.transaction().execute(async (tx) => {
      await sql`lock table private.held_executions in access exclusive mode`.execute(tx);
      expect((await watch("holds by an execution")).signal).toBe("SIGKILL");
    });
  });
});
