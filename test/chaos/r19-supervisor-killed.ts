import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createDb, type Db } from "#db/client.ts";
import { createGraphileDriver } from "#engine/drivers/graphile.ts";
import { createEngine } from "#engine/engine.ts";
import { nodeRegistry } from "#nodes/registry.ts";
import { processBirth } from "#server/process/process-birth.ts";
import { sendTo, silentLog } from "../engine.ts";
import { buildContacts, buildFlow, buildWorkspace } from "../factories.ts";
import { fakeProvider } from "../fake-provider.ts";
import { chain, node, sms } from "../graphs.ts";
import { exactly } from "./exactly.ts";
import { goneWithin, type NpmStart, npmStart, npmStop } from "./npm-start.ts";
import type { ChaosContext, Finding, Scenario } from "./scenario.ts";
import { totalsOf } from "./totals-of.ts";

export const r19: Scenario = {
  id: "R19",
  title: "npm, the launcher and the server killed, one by one and together; the next start works on the same data",
  whyNot: () => (process.platform === "linux" ? undefined : "it finds the processes of npm start in /proc"),
  run,
};

type Victim = keyof NpmStart["pids"];

interface Case {
  victims: Victim[];
  /** A server that is killed cannot stop its Postgres. In all other cases everything ends by itself. */
  leavesPostgres: boolean;
}

const cases: Case[] = [
  { victims: ["npm"], leavesPostgres: false },
  { victims: ["launcher"], leavesPostgres: false },
  { victims: ["server"], leavesPostgres: true },
  { victims: ["launcher", "server"], leavesPostgres: true },
  { victims: ["npm", "launcher", "server"], leavesPostgres: true },
  { victims: ["server", "postgres"], leavesPostgres: false },
];

const people = 300;

async function run({ size, random, say }: ChaosContext): Promise<Finding[]> {
  const dataDir = mkdtempSync(join(tmpdir(), "sluice-npm-"));
  const findings: Finding[] = [];
  let running: NpmStart | undefined;
  try {
    // The small run draws one case that ends by itself and one that leaves an orphan.
    const chosen =
      size === "full" ? cases : [false, true].map((leaves) => random.pick(cases.filter((one) => one.leavesPostgres === leaves)));
    let sends = 0;
    for (const { victims, leavesPostgres } of chosen) {
      running = await npmStart(dataDir);
      const { pids } = running;
      const name = victims.join(" and ");
      say(`killing ${name} in the middle of a send`);
      await withDatabase(running.ready, beginSend);
      sends += 1;
      for (const victim of victims) process.kill(pids[victim], "SIGKILL");
      const gone = await Promise.all((["npm", "launcher", "server"] as const).map((one) => goneWithin(pids[one], 40_000)));
      findings.push(exactly(`${name} killed: others that live on`, gone.filter((isGone) => !isGone).length, 0));
      const postgres = leavesPostgres ? processBirth(pids.postgres) !== undefined : !(await goneWithin(pids.postgres, 20_000));
      const expected = leavesPostgres ? "runs on" : "has ended";
      const measured = postgres ? "runs on" : "has ended";
      findings.push({ what: `${name} killed: its Postgres`, goal: expected, measured, held: measured === expected });

      const next = await npmStart(dataDir);
      running = next;
      if (leavesPostgres) findings.push(await whatBecameOf(pids.postgres, next));
      const done = await withDatabase(next.ready, (db) => countDone(db, sends));
      findings.push(exactly("… and finishes the sends that were under way", done, sends));
      findings.push(await withDatabase(next.ready, totalsOf));
      await npmStop(next);
      findings.push(
        exactly("… and leaves nothing running when it is told to end", (await goneWithin(next.pids.postgres, 20_000)) ? 0 : 1, 0),
      );
    }
  } finally {
    if (running) await npmStop(running);
    rmSync(dataDir, { recursive: true, force: true });
  }
  return findings;
}

/** The orphan was taken over, or stopped if it did not answer in time. There must never be two on one folder. */
async function whatBecameOf(orphan: number, { pids }: NpmStart): Promise<Finding> {
  const isGone = await goneWithin(orphan, 0);
  const measured = pids.postgres === orphan ? "taken over" : isGone ? "stopped" : "left beside another one";
  return { what: "the orphan after the next start", goal: "taken over or stopped", measured, held: measured !== "left beside another one" };
}

async function withDatabase<T>(ready: { databaseUrl: string }, work: (db: Db) => Promise<T>): Promise<T> {
  const db = createDb(ready.databaseUrl, { maxConnections: 3 });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

/** Accepts a send as a web process does. The product that runs on this database works on it. */
async function beginSend(db: Db): Promise<void> {
  const workspaceId = await buildWorkspace(db);
  const ids = await buildContacts(db, workspaceId, people);
  const flowId = await buildFlow(db, workspaceId, chain(node("start"), sms(), node("end")));
  const driver = createGraphileDriver({ connectionString: "", log: silentLog });
  const engine = createEngine({
    db,
    nodes: nodeRegistry,
    providerFor: async (_, channel) => fakeProvider(channel),
    driver,
    log: silentLog,
  });
  await engine.createSend(sendTo(workspaceId, flowId, ids));
}

async function countDone(db: Db, wanted: number): Promise<number> {
  for (let waited = 0; ; waited += 250) {
    const done = await db.selectFrom("flow_sends").select("id").where("state", "=", "done").execute();
    if (done.length >= wanted || waited > 40_000) return done.length;
    await sleep(250);
  }
}
