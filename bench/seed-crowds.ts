import { join } from "node:path";
import { sql } from "kysely";
import type { Db } from "#db/client.ts";
import type { BenchDatabase } from "./cluster.ts";
import { openSeeded } from "./cluster.ts";
import { withoutDayLimit } from "./fill.ts";
import { seedPeople } from "./seed-people.ts";
import { withoutIndexes } from "./without-indexes.ts";

/** Workspaces by name, with their number of contacts. */
export type Crowds = Record<string, number>;

/** Workspaces full of contacts and nothing else: what sends are made to. Whoever uses it takes away what it adds. */
export function openCrowds(crowds: Crowds): Promise<BenchDatabase> {
  return openSeeded({
    name: `crowds-${Object.values(crowds).join("-")}`,
    sources: ["seed-crowds.ts", "seed-people.ts"].map((file) => join(import.meta.dirname, file)),
    fill: async (db) => {
      await withoutIndexes(db, ["contacts"], async (connection) => {
        for (const [name, contacts] of Object.entries(crowds)) await seedPeople(connection, await addWorkspace(connection, name), contacts);
      });
      await sql`checkpoint`.execute(db);
    },
    writes: true,
  });
}

/** Without a time to undo: what is measured leaves at once. */
export async function addWorkspace(db: Db, name: string): Promise<string> {
  const { id } = await db.insertInto("workspaces").values({ name, undo_seconds: 0 }).returning("id").executeTakeFirstOrThrow();
  await withoutDayLimit(db, id);
  return id;
}

export async function findWorkspace(db: Db, name: string): Promise<string> {
  const { id } = await db.selectFrom("workspaces").select("id").where("name", "=", name).executeTakeFirstOrThrow();
  return id;
}

/** As it was found: no flows, no sends, no jobs. */
export async function clearCrowds(db: Db): Promise<void> {
  await sql`truncate flow_sends, flow_send_skips, flow_executions, flow_execution_steps, messages, wake_ups, waits, private.turns,
    idempotency_keys, audit_log cascade`.execute(db);
  await sql`delete from flows`.execute(db);
  await sql`delete from providers`.execute(db);
  await sql`delete from graphile_worker._private_jobs`.execute(db);
}
