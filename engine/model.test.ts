import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import type { TestDb } from "#test/db.ts";
import { createTestDb } from "#test/db.ts";
import { command } from "#test/model/commands.ts";
import { expectLawsToHold } from "#test/model/laws.ts";
import { World } from "#test/model/world.ts";

// Any order of events, against the laws of the house. MODEL_SEED repeats a run, MODEL_RUNS makes it longer or shorter.
const seed = Number(process.env.MODEL_SEED ?? Date.now() % 2 ** 31);
const runs = Number(process.env.MODEL_RUNS ?? 1_000);
/** Sequences at the same time, each on a database of its own: one waits for Postgres while another thinks. */
const streams = 3;

const databases: TestDb[] = [];
afterAll(() => Promise.all(databases.map((db) => db.drop())));

async function runStream(stream: number): Promise<void> {
  const db = await createTestDb();
  databases.push(db);
  let sequences = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 60, size: "max" }), async (commands) => {
      // Nothing is vacuumed in tests, so now and then everything is thrown away whole, which is dear.
      if (sequences % 50 === 49) await sql`truncate workspaces cascade`.execute(db.owner);
      else await db.owner.deleteFrom("workspaces").execute();
      sequences += 1;
      const world = await World.open(db.owner);
      for (const each of commands) await world.apply(each);
      await world.settle();
      await expectLawsToHold(world);
    }),
    {
      numRuns: Math.ceil(runs / streams),
      seed: seed + stream,
      endOnFailure: false,
      interruptAfterTimeLimit: 400_000,
      markInterruptAsFailure: false,
    },
  );
}

test(`${runs} sequences of up to 60 commands break no law (MODEL_SEED=${seed})`, { timeout: 600_000 }, async () => {
  process.stdout.write(`model test: MODEL_SEED=${seed} MODEL_RUNS=${runs}\n`);
  const results = await Promise.allSettled(Array.from({ length: streams }, (_, stream) => runStream(stream)));
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (failures.length > 0) throw failures[0];
  expect(results).toHaveLength(streams);
});
