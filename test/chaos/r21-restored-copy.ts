import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { backUp } from "#db/backup/backup.ts";
import { restore } from "#db/backup/restore.ts";
import { createDb, type Db } from "#db/client.ts";
import { liftFence, readFence, settlePlace } from "#db/queries/send-fence.ts";
import { chain, email, node, sms } from "#test/graphs.ts";
import { countOpen, until } from "./desk.ts";
import type { ChaosContext, Finding, Scenario } from "./scenario.ts";
import { compareTruths } from "./truths.ts";
import { inWorld, type World } from "./world.ts";

const flow = chain(node("start"), email("One"), sms("Two"), email("Three", {}, "email2"), node("end"));
const messagesEach = 3;
const sizes = { small: { sends: 4, each: 300, kills: 2 }, full: { sends: 4, each: 500, kills: 10 } };
const heldSeconds = 6;

/**
 * R21: workers are killed one by one and then all of them. A backup of what they left is restored in another place and
 * works on there.
 */
export const restoredCopy: Scenario = {
  id: "R21",
  title: "a copy restored from a backup after workers were killed in the middle of sends",
  run: (context) => inWorld(context, { latency: [30, 90] }, (world) => run(context, world)),
};

async function run({ size, random, say }: ChaosContext, world: World): Promise<Finding[]> {
  const { database, outside, desk } = world;
  const { sends, each, kills } = sizes[size];
  const total = sends * each * messagesEach;
  // Every start of the product does this.
  await settlePlace(database.db, { files: undefined });
  const workspace = await desk.openWorkspace(each);
  const flowId = await workspace.buildFlow(flow);
  const workers = await Promise.all([world.start(), world.start()]);
  for (let i = 0; i < sends; i += 1) await workspace.send(flowId);
  for (let killed = 0; killed < kills; killed += 1) {
    await sleep(random.between(150, 1_000));
    const victim = random.between(0, 1);
    await workers[victim]?.kill();
    if ((await outside.count()).arrived >= total / 2) break;
    workers[victim] = await world.start();
  }
  await until(async () => (await outside.count()).arrived >= total / 4, 120);
  await Promise.all(workers.map((worker) => worker.kill()));

  const folder = mkdtempSync(join(tmpdir(), "sluice-chaos-backup-"));
  const copyUrl = await createDatabase(database.db, database.url);
  const copy = createDb(copyUrl, { applicationName: "sluice chaos", maxConnections: 8 });
  try {
    const file = join(folder, "after.backup");
    const { rows } = await backUp(database.url, file);
    await restore(copyUrl, file);
    const before = (await outside.count()).arrived;
    say(`${before} of ${total} had arrived; ${rows} rows were backed up in ${Math.round(statSync(file).size / 1024)} KiB and restored`);
    await world.start({ databaseUrl: copyUrl });
    await sleep(heldSeconds * 1_000);
    const isHeld = (await readFence(copy)) !== null;
    const whileHeld = (await outside.count()).arrived - before;
    await copy.transaction().execute((tx) => liftFence(tx, { userId: null }));
    const settled = await until(async () => (await countOpen(copy)) === 0, 120);
    const wentOn = (await outside.count()).arrived - before;
    const truths = await compareTruths(copy, desk.promised, await outside.record());
    const { unknown = 0 } = truths.statuses;
    say(`messages in the copy: ${JSON.stringify(truths.statuses)}; of the unknown ${truths.unknownArrived} had arrived`);
    return [
      { what: "arrived before the copy was made", goal: "some and not all", measured: before, held: before > 0 && before < total },
      {
        what: `left the copy in ${heldSeconds} s before an owner said that it may send`,
        goal: "0",
        measured: isHeld ? whileHeld : `${whileHeld}, without being held`,
        held: isHeld && whileHeld === 0,
      },
      {
        what: "all ended once it might send",
        goal: "within 120 s",
        measured: settled === undefined ? "not within 120 s" : `${settled.toFixed(1)} s`,
        held: settled !== undefined,
      },
      { what: "left the copy from then on", goal: "what the original had not sent", measured: wentOn, held: wentOn > 0 },
      ...truths.findings,
      {
        what: "held as unknown: in the hands of a worker when it was killed",
        goal: `at most ${(kills + 2) * 100}`,
        measured: unknown,
        held: unknown <= (kills + 2) * 100,
      },
    ];
  } finally {
    await copy.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes another database in the same cluster, as a restore does. */
async function createDatabase(db: Db, url: string): Promise<string> {
  await sql`create database restored_copy`.execute(db);
  const copy = new URL(url);
  copy.pathname = "/restored_copy";
  return copy.href;
}
